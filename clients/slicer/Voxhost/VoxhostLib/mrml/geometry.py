"""From Slicer's frame (RAS) to the wire's (LPS) and back: the only place where the signs change.

A matrix here is a numpy array of 4x4 float64 from voxel index (i, j, k, 1) to millimetres.
"""

from __future__ import annotations

import numpy as np

#: Turns RAS into LPS, and LPS into RAS.
FLIP_XY = np.diag([-1.0, -1.0, 1.0, 1.0])

#: Two grids are one when no corner of theirs lies further apart than this, in millimetres. Slicer keeps directions and
#: spacing apart and puts them together again: that alone moves a far corner by about 1e-10 mm.
SAME_PLACE_MM = 1e-4


def index_to_ras(volume_node) -> np.ndarray:
    """The node's own matrix, index to RAS in millimetres, without any transform that it stands under."""
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume_node.GetIJKToRASMatrix(matrix)
    return from_vtk(matrix)


def from_vtk(matrix) -> np.ndarray:
    """A `vtkMatrix4x4` as an array."""
    return np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])


def to_vtk(matrix: np.ndarray):
    """An array as a `vtkMatrix4x4`."""
    import vtk

    result = vtk.vtkMatrix4x4()
    for row in range(4):
        for column in range(4):
            result.SetElement(row, column, float(matrix[row, column]))
    return result


def parent_to_world(node) -> np.ndarray | None:
    """The transform above the node, to world in RAS: the identity when there is none, None when no matrix can say it."""
    import vtk

    parent = node.GetParentTransformNode()
    if parent is None:
        return np.eye(4)
    if not parent.IsTransformToWorldLinear():
        return None
    matrix = vtk.vtkMatrix4x4()
    parent.GetMatrixTransformToWorld(matrix)
    return from_vtk(matrix)


def is_invertible(matrix: np.ndarray) -> bool:
    """Whether the axes are finite and span a space. Only angles count, not the spacing."""
    axes = matrix[:3, :3]
    lengths = np.linalg.norm(axes, axis=0)
    return bool(np.isfinite(matrix).all() and lengths.all() and abs(np.linalg.det(axes / lengths)) > 1e-6)


def same_grid(one: np.ndarray, other: np.ndarray, sizes_ijk) -> bool:
    """Whether two matrices put every voxel of a grid of this size at the same place."""
    corners = np.array([[i, j, k, 1.0] for i in (0, sizes_ijk[0]) for j in (0, sizes_ijk[1]) for k in (0, sizes_ijk[2])])
    return bool(np.abs((one - other) @ corners.T).max() <= SAME_PLACE_MM)


def voxel_volume_ml(matrix: np.ndarray) -> float:
    """The volume of one voxel in millilitres."""
    return abs(float(np.linalg.det(matrix[:3, :3]))) / 1000.0
