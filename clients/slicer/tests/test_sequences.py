"""Sequences frame by frame, and what happens when nodes go away."""

from types import SimpleNamespace

import numpy as np
import pytest
import slicer
from scenes import add_transform, add_volume, merged_labels, oblique, set_voxels
from VoxhostLib.mrml import geometry, terminology
from VoxhostLib.mrml.images import ImageResult
from VoxhostLib.mrml.labels import make_dense
from VoxhostLib.mrml.scene_watch import SceneWatch
from VoxhostLib.mrml.sequences import frames_of, place_frame, show_sequence
from VoxhostLib.mrml.volumes import read_facts

SEGMENTS = [SimpleNamespace(value=1, name="one", color=(1, 2, 3), terminology=None)]


@pytest.fixture
def proxy(scene):
    """The volume through which a browser shows a sequence of three frames."""
    sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", "heart")
    sequence.SetIndexName("time")
    sequence.SetIndexUnit("s")
    for number in range(3):
        frame = slicer.vtkMRMLScalarVolumeNode()
        set_voxels(frame, np.full((4, 5, 6), number, np.int16))
        frame.SetIJKToRASMatrix(geometry.to_vtk(oblique(number)))
        sequence.SetDataNodeAtValue(frame, str(number / 2))
    browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", "browser")
    browser.SetAndObserveMasterSequenceNodeID(sequence.GetID())
    slicer.vtkSlicerSequencesLogic().UpdateProxyNodesFromSequences(browser)
    return browser.GetProxyNode(sequence)


def labels_for(frame, seed):
    lps = read_facts(frame.node).index_to_lps
    labels = np.random.default_rng(seed).integers(0, 2, (4, 5, 6)).astype(np.uint8)
    return labels, make_dense(labels, lps, "pred", SEGMENTS, terminology.entry_of)


def test_a_volume_by_itself_has_no_frames(scene):
    assert frames_of(add_volume(scene, np.zeros((2, 2, 2), np.uint8))) == []


def test_the_frames_of_a_sequence_are_its_volumes_in_order(proxy):
    frames = frames_of(proxy)
    assert [frame.index_value for frame in frames] == ["0.0", "0.5", "1.0"]
    assert [slicer.util.arrayFromVolume(frame.node)[0, 0, 0] for frame in frames] == [0, 1, 2]


def test_each_frames_labels_are_shown_with_the_frame(scene, proxy):
    proxy.SetAndObserveTransformNodeID(add_transform(scene, oblique(7)).GetID())
    expected = []
    for seed, frame in enumerate(frames_of(proxy)):
        labels, dense = labels_for(frame, seed)
        sequence = place_frame(proxy, frame, dense, "w", "pred", "heart result")
        expected.append(labels)
    shown = show_sequence(proxy, sequence)
    assert shown.IsA("vtkMRMLSegmentationNode") and shown.GetTransformNodeID() == proxy.GetTransformNodeID()
    browser = scene.GetFirstNodeByClass("vtkMRMLSequenceBrowserNode")
    for number, labels in enumerate(expected):
        browser.SetSelectedItemNumber(number)
        slicer.vtkSlicerSequencesLogic().UpdateProxyNodesFromSequences(browser)
        found, matrix = merged_labels(shown, ["pred_1"])
        np.testing.assert_array_equal(found, labels)
        np.testing.assert_allclose(matrix, oblique(number), atol=1e-9)


def test_a_second_run_over_a_sequence_replaces_its_results(scene, proxy):
    for seed in (0, 10):
        for number, frame in enumerate(frames_of(proxy)):
            labels, dense = labels_for(frame, seed + number)
            sequence = place_frame(proxy, frame, dense, "w", "pred", "heart result")
        show_sequence(proxy, sequence)
    assert scene.GetNumberOfNodesByClass("vtkMRMLSequenceNode") == 2
    assert sequence.GetNumberOfDataNodes() == 3
    np.testing.assert_array_equal(merged_labels(sequence.GetNthDataNode(2), ["pred_1"])[0], labels)


def test_an_image_for_each_frame_is_a_sequence_of_volumes(proxy):
    for number, frame in enumerate(frames_of(proxy)):
        values = np.full((4, 5, 6), number + 0.5, np.float32)
        result = ImageResult(values, read_facts(frame.node).index_to_lps)
        sequence = place_frame(proxy, frame, result, "w", "probability", "heart probability")
    assert [slicer.util.arrayFromVolume(sequence.GetNthDataNode(n)).max() for n in range(3)] == [0.5, 1.5, 2.5]
    assert show_sequence(proxy, sequence).IsA("vtkMRMLScalarVolumeNode")


def test_a_removed_node_is_told_once_and_others_are_not(scene):
    mine, other = (add_volume(scene, np.zeros((2, 2, 2), np.uint8), name=name) for name in ("mine", "other"))
    told = []
    SceneWatch(scene, [mine], lambda *what: told.append(what))
    scene.RemoveNode(other)
    assert told == []
    scene.RemoveNode(mine)
    scene.Clear(True)
    assert told == [("mine was removed from the scene while it was worked on.", False)]


def test_a_closed_scene_is_told_once(scene):
    told = []
    SceneWatch(scene, [add_volume(scene, np.zeros((2, 2, 2), np.uint8))], lambda *what: told.append(what))
    scene.Clear(True)
    assert told == [("The scene was closed.", True)]


def test_a_watch_that_was_stopped_tells_nothing(scene):
    told = []
    node = add_volume(scene, np.zeros((2, 2, 2), np.uint8))
    watch = SceneWatch(scene, [node], lambda *what: told.append(what))
    watch.stop()
    watch.stop()
    scene.RemoveNode(node)
    assert told == []
