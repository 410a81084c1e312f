"""Results into the scene: voxel for voxel, where the volume lies, in place on a second run."""

from types import SimpleNamespace

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
import slicer
import vtk
from conftest import MONAI_MASK
from scenes import add_transform, add_volume, merged_labels, oblique, segment_ids
from VoxhostLib.mrml import geometry, terminology
from VoxhostLib.mrml.images import ImageResult, place_image
from VoxhostLib.mrml.labels import make_dense
from VoxhostLib.mrml.measures import read_measures, write_measures
from VoxhostLib.mrml.segmentations import place_labels
from VoxhostLib.mrml.volumes import read_facts


def code(value, meaning):
    return SimpleNamespace(scheme="SCT", value=value, meaning=meaning)


BRAIN = SimpleNamespace(
    category=code("123037004", "Anatomical Structure"),
    type=code("12738006", "Brain"),
    type_modifier=None,
    region=None,
    region_modifier=None,
)


def segment(value, name="", color=(10, 20, 30), term=None):
    return SimpleNamespace(value=value, name=name, color=color, terminology=term)


def dense(labels, lps, declared):
    return make_dense(labels, lps, "pred", declared, terminology.entry_of)


def place(volume, labels, declared, lps=None):
    lps = read_facts(volume).index_to_lps if lps is None else lps
    return place_labels(volume, dense(labels, lps, declared), "workflow", "pred", "result")


def random_labels(shape=(9, 8, 7), values=(0, 1, 2, 5), seed=5):
    return np.random.default_rng(seed).choice(np.array(values, np.uint8), size=shape)


def test_the_mask_of_monai_comes_back_out_of_the_segmentation_voxel_for_voxel(head_mri):
    mask = nibabel.load(MONAI_MASK)
    expected = np.asanyarray(mask.dataobj)
    node = place(head_mri, np.ascontiguousarray(expected.T), [segment(1, "brain", term=BRAIN)])
    found, matrix = merged_labels(node, ["pred_1"])
    np.testing.assert_array_equal(found.T, expected)
    np.testing.assert_allclose(matrix, mask.affine, atol=1e-5)


@pytest.mark.parametrize("left_handed", [False, True])
def test_on_an_oblique_grid_each_label_lies_where_simpleitk_puts_it(scene, left_handed):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16), oblique(4, left_handed=left_handed))
    labels = random_labels()
    node = place(volume, labels, [segment(1), segment(2), segment(5)])
    found, index_to_ras = merged_labels(node, ["pred_1", "pred_2", "pred_5"])
    image = sitk.GetImageFromArray(labels)
    lps = np.diag([-1.0, -1, 1, 1]) @ geometry.index_to_ras(volume)
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin(lps[:3, 3].tolist())
    numbers = {0: 0, 1: 1, 2: 2, 5: 3}
    for k, j, i in np.ndindex(found.shape):
        place_lps = (np.diag([-1, -1, 1, 1]) @ index_to_ras @ [i, j, k, 1])[:3]
        assert numbers[image.GetPixel(image.TransformPhysicalPointToIndex(place_lps.tolist()))] == found[k, j, i]


@pytest.mark.parametrize("linear", [True, False])
def test_under_a_transform_the_result_lies_on_the_volume(scene, linear):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16), oblique(4))
    if linear:
        above = add_transform(scene, oblique(6, spacing=(1, 1, 1)))
    else:
        above = scene.AddNewNodeByClass("vtkMRMLBSplineTransformNode", "warp")
    volume.SetAndObserveTransformNodeID(above.GetID())
    labels = random_labels()
    for run in range(2):  # the second time the segmentation stands under the transform already
        node = place(volume, labels, [segment(1), segment(2), segment(5)])
        found, matrix = merged_labels(node, ["pred_1", "pred_2", "pred_5"])
        np.testing.assert_array_equal(found, np.array([0, 1, 2, 0, 0, 3])[labels], err_msg=f"run {run}")
        assert node.GetTransformNodeID() == volume.GetTransformNodeID()
        np.testing.assert_allclose(matrix, geometry.index_to_ras(volume), atol=1e-9)


def test_a_result_on_another_grid_than_the_volume_lies_where_the_host_says(scene):
    volume = add_volume(scene, np.zeros((10, 10, 10), np.int16), np.diag([2.0, 2, 2, 1]))
    above = oblique(6, spacing=(1, 1, 1))
    volume.SetAndObserveTransformNodeID(add_transform(scene, above).GetID())
    half = np.diag([1.0, 1, 1, 1])
    half[:3, 3] = -0.5
    lps = np.diag([-1.0, -1, 1, 1]) @ above @ half
    labels = np.zeros((20, 20, 20), np.uint8)
    labels[4:8, 6:12, 2:10] = 1
    node = place(volume, labels, [segment(1)], lps)
    found, matrix = merged_labels(node, ["pred_1"])
    assert found.sum() > 0
    for k, j, i in np.ndindex(found.shape):
        x, y, z = np.rint((np.linalg.inv(half) @ matrix @ [i, j, k, 1])[:3]).astype(int)
        inside = 0 <= x < 20 and 0 <= y < 20 and 0 <= z < 20
        assert found[k, j, i] == (labels[z, y, x] if inside else 0)


def test_names_colours_and_terminology_are_the_workflows(head_mri):
    labels = np.ones((181, 217, 181), np.uint8)
    node = place(head_mri, labels, [segment(1, "brain", (250, 125, 0), BRAIN), segment(2, "tumour", (1, 2, 3))])
    assert segment_ids(node) == ["pred_1", "pred_2"]
    first, second = (node.GetSegmentation().GetSegment(one) for one in segment_ids(node))
    assert (first.GetName(), second.GetName()) == ("brain", "tumour")
    np.testing.assert_allclose(first.GetColor(), [250 / 255, 125 / 255, 0], atol=1e-6)
    # Slicer's own parser reads the tag, and writes the same.
    text = vtk.reference("")
    assert first.GetTag("TerminologyEntry", text)
    entry = slicer.vtkSlicerTerminologyEntry()
    logic = slicer.vtkSlicerTerminologiesModuleLogic()
    assert logic.DeserializeTerminologyEntry(str(text), entry)
    assert logic.SerializeTerminologyEntry(entry) == str(text)
    assert entry.GetTypeObject().GetCodeValue() == "12738006"
    assert entry.GetTypeObject().GetCodeMeaning() == "Brain"


def test_a_terminology_with_a_separator_in_a_name_still_parses():
    odd = SimpleNamespace(**{**BRAIN.__dict__, "type": code("1", "left ~ or ^ right"), "region": code("2", "Head")})
    entry = slicer.vtkSlicerTerminologyEntry()
    assert slicer.vtkSlicerTerminologiesModuleLogic().DeserializeTerminologyEntry(terminology.entry_of(odd), entry)
    assert entry.GetTypeObject().GetCodeMeaning() == "left   or   right"
    assert entry.GetRegionObject().GetCodeMeaning() == "Head"


def test_a_second_run_replaces_voxels_and_keeps_what_the_user_changed(scene):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16))
    declared = [segment(1, "one"), segment(2, "two"), segment(5, "five")]
    node = place(volume, random_labels(), declared)
    segmentation = node.GetSegmentation()
    segmentation.GetSegment("pred_1").SetName("my name")
    segmentation.GetSegment("pred_2").SetColor([1, 0, 0])
    segmentation.AddEmptySegment("mine", "drawn by hand", [0, 1, 0])
    node.GetDisplayNode().SetSegmentVisibility("pred_2", False)

    again = random_labels(seed=6)
    assert place(volume, again, declared) is node
    found, _ = merged_labels(node, ["pred_1", "pred_2", "pred_5"])
    np.testing.assert_array_equal(found, np.array([0, 1, 2, 0, 0, 3])[again])
    assert segment_ids(node) == ["pred_1", "pred_2", "pred_5", "mine"]
    assert segmentation.GetSegment("pred_1").GetName() == "my name"
    np.testing.assert_allclose(segmentation.GetSegment("pred_2").GetColor(), [1, 0, 0])
    assert not node.GetDisplayNode().GetSegmentVisibility("pred_2")
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 1
    assert scene.GetNumberOfNodesByClass("vtkMRMLLabelMapVolumeNode") == 0


def test_what_the_user_drew_stays_where_the_result_leaves_room(scene):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16))
    labels = np.zeros((9, 8, 7), np.uint8)
    labels[2:4, 2:4, 2:4] = 1
    node = place(volume, labels, [segment(1)])
    drawn = slicer.vtkOrientedImageData()
    drawn.SetDimensions(7, 8, 9)
    drawn.AllocateScalars(vtk.VTK_UNSIGNED_CHAR, 1)
    drawn.GetPointData().GetScalars().Fill(0)
    drawn.SetScalarComponentFromDouble(6, 7, 8, 0, 1)
    mine = node.AddSegmentFromBinaryLabelmapRepresentation(drawn, "mine", [0, 1, 0])
    labels[5:7, 2:4, 2:4] = 1
    place(volume, labels, [segment(1)])
    np.testing.assert_array_equal(merged_labels(node, ["pred_1"])[0], labels)
    kept = merged_labels(node, [mine])[0]
    assert kept.sum() == 1 and kept[8, 7, 6] == 1


def test_a_map_without_a_label_empties_the_segments_of_the_run_before(scene):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16))
    declared = [segment(1, "one"), segment(2, "two")]
    node = place(volume, random_labels(values=(0, 1, 2)), declared)
    assert place(volume, np.zeros((9, 8, 7), np.uint8), declared) is node
    assert segment_ids(node) == ["pred_1", "pred_2"]
    assert not merged_labels(node, ["pred_1", "pred_2"])[0].any()


def test_a_value_that_the_workflow_did_not_declare_is_shown_and_goes_when_it_is_found_no_more(scene):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16))
    labels = random_labels(values=(0, 1, 9))
    node = place(volume, labels, [segment(1, "one")])
    assert segment_ids(node) == ["pred_1", "pred_9"]
    assert node.GetSegmentation().GetSegment("pred_9").GetName() == "Label 9"
    np.testing.assert_array_equal(merged_labels(node, ["pred_9"])[0], labels == 9)
    place(volume, np.minimum(labels, 1), [segment(1, "one")])
    assert segment_ids(node) == ["pred_1"]


def test_more_than_255_labels_are_each_a_segment(scene):
    volume = add_volume(scene, np.zeros((30, 10, 2), np.int16))
    labels = np.arange(600, dtype=np.uint16).reshape(30, 10, 2) // 2
    declared = [segment(value, f"n{value}") for value in range(1, 300)]
    node = place(volume, labels, declared)
    found, _ = merged_labels(node, [f"pred_{value}" for value in range(1, 300)])
    np.testing.assert_array_equal(found, labels)


def test_a_closed_surface_that_was_shown_is_made_again(scene):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16))
    labels = np.zeros((9, 8, 7), np.uint8)
    labels[2:4, 2:6, 2:5] = 1
    node = place(volume, labels, [segment(1)])
    assert node.CreateClosedSurfaceRepresentation()
    labels[2:7] = labels[2]
    place(volume, labels, [segment(1)])
    surface = vtk.vtkPolyData()
    assert node.GetClosedSurfaceRepresentation("pred_1", surface)
    assert surface.GetBounds()[5] > 6


def test_the_result_of_another_workflow_or_volume_is_a_node_of_its_own(scene):
    one, other = (add_volume(scene, np.zeros((9, 8, 7), np.int16), name=name) for name in ("one", "other"))
    lps = read_facts(one).index_to_lps
    labels = dense(random_labels(), lps, [segment(1)])
    nodes = [
        place_labels(one, labels, "a", "pred", "result"),
        place_labels(one, labels, "b", "pred", "result"),
        place_labels(other, labels, "a", "pred", "result"),
        place_labels(one, labels, "a", "other", "result"),
    ]
    assert len({node.GetID() for node in nodes}) == 4
    assert place_labels(one, labels, "a", "pred", "result") is nodes[0]


def test_a_saved_scene_still_knows_which_result_to_replace(scene, tmp_path):
    volume = add_volume(scene, np.zeros((9, 8, 7), np.int16))
    node = place(volume, random_labels(), [segment(1), segment(2)])
    scene.SetURL(str(tmp_path / "scene.mrml"))
    for each in (volume, node):
        each.AddDefaultStorageNode()
        storage = each.GetStorageNode()
        storage.SetFileName(str(tmp_path / f"{each.GetID()}{'.seg' if each is node else ''}.nrrd"))
        assert storage.WriteData(each)
    assert scene.Commit()
    scene.Clear(True)
    assert scene.Connect()
    volume = scene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
    place(volume, random_labels(seed=9), [segment(1), segment(2)])
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 1


@pytest.mark.parametrize("labels", [np.zeros((2, 2, 2), np.float32), np.full((2, 2, 2), -1, np.int16), np.zeros((2, 2))])
def test_voxels_that_are_no_labels_are_refused(labels):
    with pytest.raises(ValueError, match="abel"):
        dense(labels, np.eye(4), [segment(1)])


def test_an_image_is_a_volume_on_the_same_place_and_is_replaced_in_place(scene):
    volume = add_volume(scene, np.zeros((3, 4, 5), np.int16), oblique(1))
    volume.SetAndObserveTransformNodeID(add_transform(scene, oblique(2)).GetID())
    lps = read_facts(volume).index_to_lps
    values = np.random.default_rng(0).random((3, 4, 5)).astype(np.float32)
    node = place_image(volume, ImageResult(values, lps), "workflow", "probability", "result")
    np.testing.assert_allclose(read_facts(node).index_to_lps, lps, atol=1e-9)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(node), values)
    assert place_image(volume, ImageResult(values + 1, lps), "workflow", "probability", "result") is node
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(node), values + 1)
    two = np.stack([values, values], axis=-1)
    other = place_image(volume, ImageResult(two, lps), "workflow", "both", "result")
    assert other.IsA("vtkMRMLVectorVolumeNode") and other.GetImageData().GetNumberOfScalarComponents() == 2


def test_volumes_in_ml_replace_those_of_the_same_volume_and_frame(scene):
    found = [SimpleNamespace(name="brain", value=1, voxel_count=1963934, volume_ml=1963.934)]
    node = write_measures(scene, "w", "Brain", "head", "", found)
    write_measures(scene, "w", "Brain", "other", "", found)
    found[0].voxel_count, found[0].volume_ml = 2, 0.002
    assert write_measures(scene, "w", "Brain", "head", "", found) is node
    assert read_measures(node) == [
        ("other", "", "brain", "1", "1963934", "1963.93"),
        ("head", "", "brain", "1", "2", "0.00"),
    ]
    assert node.GetName() == "Brain volumes"
