"""More volumes for the same workflow, and the frames of sequences."""

from __future__ import annotations

import qt

from .input_panel import VOLUME_TYPES


class BatchPanel:
    """A list of the scene's volumes to tick."""

    def __init__(self, layout) -> None:
        self._nodes: list = []
        self.frames = qt.QCheckBox("Every frame of a sequence")
        self.frames.setToolTip("A volume that shows one frame of a sequence is run frame by frame.")
        self.frames.setChecked(True)
        layout.addWidget(self.frames)
        self.list = qt.QListWidget()
        self.list.setToolTip("The workflow runs on the input above, and then on each volume that is ticked.")
        self.list.setMaximumHeight(110)
        layout.addWidget(self.list)

    def show(self, scene) -> None:
        """Lists the scene's volumes. What was ticked stays so."""
        ticked = {node.GetID() for node in self.ticked()}
        self._nodes = []
        self.list.clear()
        for class_name in VOLUME_TYPES:
            found = scene.GetNodesByClass(class_name)
            for number in range(found.GetNumberOfItems()):
                node = found.GetItemAsObject(number)
                if node.GetClassName() in VOLUME_TYPES and not node.GetHideFromEditors() and node not in self._nodes:
                    self._nodes.append(node)
        for node in self._nodes:
            item = qt.QListWidgetItem(node.GetName())
            item.setCheckState(qt.Qt.Checked if node.GetID() in ticked else qt.Qt.Unchecked)
            self.list.addItem(item)

    def ticked(self) -> list:
        """The volumes that are ticked, in the order of the list."""
        return [node for row, node in enumerate(self._nodes) if self.list.item(row).checkState() == qt.Qt.Checked]

    def tick(self, node) -> None:
        """Ticks a volume."""
        self.list.item(self._nodes.index(node)).setCheckState(qt.Qt.Checked)

    def set_enabled(self, enabled: bool) -> None:
        """Whether the choice may be changed."""
        self.list.setEnabled(enabled)
        self.frames.setEnabled(enabled)
