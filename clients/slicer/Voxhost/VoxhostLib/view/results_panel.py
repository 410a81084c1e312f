"""What was found: volumes in mL, and the surface in 3-D."""

from __future__ import annotations

import qt

from ..mrml.measures import COLUMNS, read_measures
from .signals import on


class ResultsPanel:
    """Shows a workflow's table of the scene."""

    def __init__(self, layout) -> None:
        self.table = qt.QTableWidget()
        self.table.setEditTriggers(qt.QAbstractItemView.NoEditTriggers)
        self.table.setMinimumHeight(120)
        layout.addWidget(self.table)
        self.surface = qt.QCheckBox("Show the last result in 3-D")
        on(self.surface, "toggled(bool)", self._toggled)
        layout.addWidget(self.surface)
        self._segmentation = None

    def show_table(self, node) -> None:
        """Shows a table node of `mrml/measures.py`; None empties the table."""
        rows = [] if node is None else read_measures(node)
        shown = [number for number, name in enumerate(COLUMNS) if any(row[number] for row in rows)]
        self.table.setColumnCount(len(shown))
        self.table.setHorizontalHeaderLabels([COLUMNS[number] for number in shown])
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, number in enumerate(shown):
                self.table.setItem(at, column, qt.QTableWidgetItem(row[number]))
        self.table.resizeColumnsToContents()

    def show_result(self, node) -> None:
        """The result that the 3-D box is about."""
        self._segmentation = node if node is not None and node.IsA("vtkMRMLSegmentationNode") else None
        self.surface.setEnabled(self._segmentation is not None)
        if self.surface.property("checked"):
            self._toggled(True)

    def _toggled(self, shown, *_) -> None:
        node = self._segmentation
        if node is None or node.GetScene() is None:
            return
        if shown:
            node.CreateClosedSurfaceRepresentation()
        elif node.GetSegmentation().GetNumberOfSegments():
            node.RemoveClosedSurfaceRepresentation()
