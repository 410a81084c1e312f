"""A result that is an image (probabilities, intensities) into the scene as a volume; in place on a second run."""

from __future__ import annotations

import numpy as np

from . import geometry
from .segmentations import find_result, image_of, local_index_to_ras, mark_result


class ImageResult:
    """Voxels (k, j, i) or (k, j, i, component), index to LPS of their grid, and sizes along i, j, k."""

    def __init__(self, voxels: np.ndarray, index_to_lps: np.ndarray) -> None:
        self.voxels = voxels
        self.index_to_lps = index_to_lps
        self.sizes_ijk = tuple(int(size) for size in reversed(voxels.shape[:3]))


def place_image(volume_node, result: ImageResult, workflow: str, output: str, name: str):
    """Puts an image into the volume's scene, under the volume's transform, and returns its node."""
    scene = volume_node.GetScene()
    kind = "vtkMRMLScalarVolumeNode" if result.voxels.ndim == 3 else "vtkMRMLVectorVolumeNode"
    node = find_result(scene, kind, volume_node, workflow, output)
    if node is None:
        node = scene.AddNewNodeByClass(kind, scene.GenerateUniqueName(name))
        mark_result(node, volume_node, workflow, output)
    fill_volume(node, volume_node, result)
    if node.GetDisplayNode() is None:
        node.CreateDefaultDisplayNodes()
    return node


def fill_volume(node, volume_node, result: ImageResult) -> None:
    """Replaces the node's voxels and geometry."""
    was_modifying = node.StartModify()
    try:
        node.SetIJKToRASMatrix(geometry.to_vtk(local_index_to_ras(volume_node, result)))
        node.SetAndObserveImageData(image_of(np.ascontiguousarray(result.voxels)))
        if volume_node is not None:
            node.SetAndObserveTransformNodeID(volume_node.GetTransformNodeID())
    finally:
        node.EndModify(was_modifying)
