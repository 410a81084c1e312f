"""Volumes of segments in millilitres, as a table of the scene: one for each workflow, a row for each segment."""

from __future__ import annotations

from .segmentations import WORKFLOW_ATTRIBUTE

COLUMNS = ("Volume", "Frame", "Segment", "Label", "Voxels", "mL")
_NUMBERS = {"Label": "vtkIntArray", "Voxels": "vtkLongLongArray", "mL": "vtkDoubleArray"}


def write_measures(scene, workflow: str, title: str, volume_name: str, frame: str, segments):
    """Writes the segments' rows and returns the table node. Rows of the same volume and frame are replaced.

    `segments` have `name`, `value`, `voxel_count` and `volume_ml`; `frame` is empty for a volume that is no sequence.
    """
    node = _table_of(scene, workflow, title)
    table = node.GetTable()
    was_modifying = node.StartModify()
    try:
        for row in reversed(range(table.GetNumberOfRows())):
            if _cell(table, row, "Volume") == volume_name and _cell(table, row, "Frame") == frame:
                table.RemoveRow(row)
        for segment in segments:
            values = (volume_name, frame, segment.name, segment.value, segment.voxel_count, round(segment.volume_ml, 3))
            row = table.InsertNextBlankRow()
            for column, value in zip(COLUMNS, values):
                table.SetValueByName(row, column, value)
        table.Modified()
    finally:
        node.EndModify(was_modifying)
    return node


def find_measures(scene, workflow: str):
    """The workflow's table, or None."""
    nodes = scene.GetNodesByClass("vtkMRMLTableNode")
    for number in range(nodes.GetNumberOfItems()):
        node = nodes.GetItemAsObject(number)
        if node.GetAttribute(WORKFLOW_ATTRIBUTE) == workflow:
            return node
    return None


def read_measures(node) -> list[tuple[str, ...]]:
    """The table's rows as texts, in the order of `COLUMNS`."""
    table = node.GetTable()
    return [tuple(_cell(table, row, column) for column in COLUMNS) for row in range(table.GetNumberOfRows())]


def _table_of(scene, workflow: str, title: str):
    import vtk

    node = find_measures(scene, workflow)
    if node is not None:
        return node
    node = scene.AddNewNodeByClass("vtkMRMLTableNode", scene.GenerateUniqueName(f"{title} volumes"))
    node.SetAttribute(WORKFLOW_ATTRIBUTE, workflow)
    for column in COLUMNS:
        array = getattr(vtk, _NUMBERS.get(column, "vtkStringArray"))()
        array.SetName(column)
        node.AddColumn(array)
    node.SetUseColumnTitleAsColumnHeader(True)
    node.SetColumnTitle("mL", "Volume (mL)")
    return node


def _cell(table, row: int, column: str) -> str:
    value = table.GetValueByName(row, column)
    return f"{value.ToDouble():.2f}" if column == "mL" else value.ToString()
