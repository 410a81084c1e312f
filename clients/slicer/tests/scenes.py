"""Makes volumes in a scene and reads segmentations back through Slicer's own code."""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from vtk.util import numpy_support
from VoxhostLib.mrml import geometry


def load_volume(scene, file, name):
    """A file, read by Slicer's reader."""
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
    storage = slicer.vtkMRMLVolumeArchetypeStorageNode()
    storage.SetFileName(str(file))
    assert storage.ReadData(node) == 1
    return node


def add_volume(scene, array, index_to_ras=None, name="volume"):
    """A volume of (k, j, i) or (k, j, i, component) voxels."""
    kind = "vtkMRMLScalarVolumeNode" if array.ndim == 3 else "vtkMRMLVectorVolumeNode"
    node = scene.AddNewNodeByClass(kind, name)
    set_voxels(node, array)
    node.SetIJKToRASMatrix(geometry.to_vtk(np.eye(4) if index_to_ras is None else index_to_ras))
    return node


def set_voxels(node, array):
    """Gives the node a new image of its own."""
    image = vtk.vtkImageData()
    image.SetDimensions(*reversed(array.shape[:3]))
    flat = array.reshape(-1) if array.ndim == 3 else array.reshape(-1, array.shape[3])
    image.GetPointData().SetScalars(numpy_support.numpy_to_vtk(flat, deep=True))
    node.SetAndObserveImageData(image)


def add_transform(scene, matrix):
    """A linear transform node."""
    node = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "transform")
    node.SetMatrixTransformToParent(geometry.to_vtk(matrix))
    return node


def merged_labels(segmentation_node, segment_ids):
    """The segments as Slicer merges them on the reference grid: (k, j, i), 1 for the first id, 2 for the second..."""
    ids = vtk.vtkStringArray()
    for segment_id in segment_ids:
        ids.InsertNextValue(segment_id)
    image = slicer.vtkOrientedImageData()
    extent = slicer.vtkSegmentation.EXTENT_REFERENCE_GEOMETRY
    assert segmentation_node.GenerateMergedLabelmapForAllSegments(image, extent, None, ids)
    scalars = numpy_support.vtk_to_numpy(image.GetPointData().GetScalars())
    matrix = vtk.vtkMatrix4x4()
    image.GetImageToWorldMatrix(matrix)
    return scalars.reshape(tuple(reversed(image.GetDimensions()))), geometry.from_vtk(matrix)


def segment_ids(segmentation_node):
    """Ids in order."""
    segmentation = segmentation_node.GetSegmentation()
    return [segmentation.GetNthSegmentID(number) for number in range(segmentation.GetNumberOfSegments())]


def oblique(seed=0, spacing=(0.7, 1.3, 2.9), left_handed=False):
    """An index-to-RAS matrix with turned axes, odd spacing and an origin far off; mirrored when asked."""
    random = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(random.normal(size=(3, 3)))
    if (np.linalg.det(axes) < 0) != left_handed:
        axes[:, 0] = -axes[:, 0]
    matrix = np.eye(4)
    matrix[:3, :3] = axes * np.array(spacing)
    matrix[:3, 3] = random.uniform(-100, 100, size=3)
    return matrix
