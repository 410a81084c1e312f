"""Sequences (4-D): which volumes are the proxy of one, its frames, and a result for each frame in a sequence beside it."""

from __future__ import annotations

from dataclasses import dataclass

from .images import ImageResult, fill_volume
from .labels import DenseLabels
from .segmentations import fill_segmentation, find_result, mark_result


@dataclass(frozen=True)
class Frame:
    """One frame of a sequence."""

    #: Its index value, as the sequence writes it (`0.5`).
    index_value: str
    #: The frame's volume node. It is in the sequence's scene, not in the main one.
    node: object


def browser_of(volume_node):
    """The sequence browser that shows a sequence through this volume, or None."""
    scene = volume_node.GetScene()
    if scene is None:
        return None
    browsers = scene.GetNodesByClass("vtkMRMLSequenceBrowserNode")
    for number in range(browsers.GetNumberOfItems()):
        browser = browsers.GetItemAsObject(number)
        if browser.GetSequenceNode(volume_node) is not None:
            return browser
    return None


def frames_of(volume_node) -> list[Frame]:
    """The frames that the volume shows one of; empty when it is a volume by itself."""
    browser = browser_of(volume_node)
    if browser is None:
        return []
    sequence = browser.GetSequenceNode(volume_node)
    return [
        Frame(sequence.GetNthIndexValue(number), sequence.GetNthDataNode(number))
        for number in range(sequence.GetNumberOfDataNodes())
    ]


def place_frame(volume_node, frame: Frame, result: DenseLabels | ImageResult, workflow: str, output: str, name: str):
    """Puts one frame's result into a sequence that the volume's browser plays along, and returns that sequence's node.

    `volume_node` is the proxy: results stand under its transform, as the frames themselves do.
    """
    import slicer

    sequence = _sequence_for(volume_node, workflow, output, name)
    found = sequence.GetDataNodeAtValue(frame.index_value)
    if isinstance(result, DenseLabels):
        node = slicer.vtkMRMLSegmentationNode() if found is None else found
        fill_segmentation(node, frame.node, result)
    else:
        node = slicer.vtkMRMLScalarVolumeNode() if result.voxels.ndim == 3 else slicer.vtkMRMLVectorVolumeNode()
        fill_volume(node, frame.node, result)
    node.SetName(name)
    sequence.SetDataNodeAtValue(node, frame.index_value)
    return sequence


def show_sequence(volume_node, sequence):
    """Has the volume's browser show the sequence, and returns the node it is shown through."""
    browser = browser_of(volume_node)
    if browser is None or not sequence.GetNumberOfDataNodes():
        return None
    if not browser.IsSynchronizedSequenceNode(sequence):
        browser.AddSynchronizedSequenceNode(sequence)
    proxy = browser.GetProxyNode(sequence)
    if proxy is None:
        proxy = browser.AddProxyNode(sequence.GetNthDataNode(0), sequence)
    if proxy is not None:
        proxy.SetAndObserveTransformNodeID(volume_node.GetTransformNodeID())
        if proxy.GetDisplayNode() is None:
            proxy.CreateDefaultDisplayNodes()
    return proxy


def _sequence_for(volume_node, workflow: str, output: str, name: str):
    scene = volume_node.GetScene()
    sequence = find_result(scene, "vtkMRMLSequenceNode", volume_node, workflow, output)
    if sequence is not None:
        return sequence
    source = browser_of(volume_node).GetSequenceNode(volume_node)
    sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", scene.GenerateUniqueName(name))
    sequence.SetIndexName(source.GetIndexName())
    sequence.SetIndexUnit(source.GetIndexUnit())
    sequence.SetIndexType(source.GetIndexType())
    mark_result(sequence, volume_node, workflow, output)
    return sequence
