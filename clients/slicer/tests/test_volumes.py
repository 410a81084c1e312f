"""Volumes out of the scene: geometry, checks, and a copy that does not hold the main thread."""

from types import SimpleNamespace

import numpy as np
import pytest
import SimpleITK as sitk
import slicer
from conftest import HEAD_MRI
from scenes import add_transform, add_volume, load_volume, oblique, set_voxels
from VoxhostLib.mrml.snapshot import Snapshot, VolumeGone
from VoxhostLib.mrml.volumes import check_channels, modality_of, read_facts, scalars_of


def declared(**changes):
    values = {"name": "image", "modality": "MR", "channels": 1, "channel_names": (), "required": True}
    return SimpleNamespace(**{**values, **changes})


def finish(snapshot):
    while True:
        voxels = snapshot.step()
        if voxels is not None:
            return voxels


def sitk_image(array, index_to_lps):
    """SimpleITK's own frame is LPS."""
    image = sitk.GetImageFromArray(array)
    spacing = np.linalg.norm(index_to_lps[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((index_to_lps[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin(index_to_lps[:3, 3].tolist())
    return image


def assert_same_places(node, image):
    """Each voxel of the node has the value that SimpleITK has at its place."""
    facts, voxels = read_facts(node), finish(Snapshot([node])).array
    for k, j, i in np.ndindex(voxels.shape):
        place = (facts.index_to_lps @ [i, j, k, 1])[:3]
        assert image.GetPixel(image.TransformPhysicalPointToIndex(place.tolist())) == voxels[k, j, i]


@pytest.mark.parametrize("left_handed", [False, True])
@pytest.mark.parametrize("suffix", [".nrrd", ".nii.gz", ".mha"])
def test_voxels_of_an_oblique_file_lie_where_simpleitk_reads_them(scene, tmp_path, suffix, left_handed):
    # Slicer's reader turns a left-handed volume round, so that matrices differ; places do not.
    array = np.random.default_rng(1).integers(-1000, 1000, size=(5, 6, 7)).astype(np.int16)
    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ oblique(3, left_handed=left_handed)
    file = tmp_path / f"volume{suffix}"
    sitk.WriteImage(sitk_image(array, lps), str(file))
    assert_same_places(load_volume(scene, file, "oblique"), sitk.ReadImage(str(file)))


@pytest.mark.parametrize("left_handed", [False, True])
def test_voxels_of_an_oblique_volume_of_the_scene_lie_where_simpleitk_puts_them(scene, left_handed):
    array = np.random.default_rng(1).integers(-1000, 1000, size=(5, 6, 7)).astype(np.int16)
    ras = oblique(3, left_handed=left_handed)
    assert_same_places(add_volume(scene, array, ras), sitk_image(array, np.diag([-1.0, -1.0, 1.0, 1.0]) @ ras))


def test_the_head_mri_comes_out_voxel_for_voxel_as_nibabel_reads_it(head_mri):
    import nibabel

    expected = nibabel.load(HEAD_MRI)
    voxels = finish(Snapshot([head_mri]))
    np.testing.assert_array_equal(voxels.array.transpose(2, 1, 0), np.asanyarray(expected.dataobj))
    ras = np.diag([-1.0, -1.0, 1.0, 1.0]) @ voxels.facts.index_to_lps
    np.testing.assert_allclose(ras, expected.affine, atol=1e-6)
    assert voxels.array.flags.c_contiguous and voxels.facts.sizes_ijk == (181, 217, 181)


def test_a_linear_transform_above_the_volume_moves_its_geometry(scene):
    own, above = oblique(1), oblique(2, spacing=(1, 1, 1))
    node = add_volume(scene, np.zeros((2, 3, 4), np.uint8), own)
    node.SetAndObserveTransformNodeID(add_transform(scene, above).GetID())
    facts = read_facts(node)
    world = np.zeros(4)
    # Slicer's own answer for the place of a voxel in the world.
    node.TransformPointToWorld((own @ [3, 2, 1, 1])[:3], point := [0.0, 0.0, 0.0])
    world = np.array([*point, 1])
    np.testing.assert_allclose(facts.index_to_lps @ [3, 2, 1, 1], world * [-1, -1, 1, 1], atol=1e-9)
    assert not facts.warped


def test_under_a_transform_that_no_matrix_can_say_the_geometry_is_that_without_it(scene):
    own = oblique(1)
    node = add_volume(scene, np.zeros((2, 3, 4), np.uint8), own)
    warp = scene.AddNewNodeByClass("vtkMRMLBSplineTransformNode", "warp")
    node.SetAndObserveTransformNodeID(warp.GetID())
    facts = read_facts(node)
    assert facts.warped
    np.testing.assert_allclose(facts.index_to_lps, np.diag([-1, -1, 1, 1]) @ own, atol=1e-12)


@pytest.mark.parametrize("kind", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "float32", "float64"])
def test_every_type_of_voxel_keeps_its_type(scene, kind):
    array = np.arange(24).reshape(2, 3, 4).astype(kind)
    voxels = finish(Snapshot([add_volume(scene, array)]))
    assert voxels.array.dtype == kind
    np.testing.assert_array_equal(voxels.array, array)


def test_colour_components_stay_side_by_side(scene):
    array = np.random.default_rng(2).integers(0, 255, (3, 4, 5, 3)).astype(np.uint8)
    voxels = finish(Snapshot([add_volume(scene, array)]))
    assert voxels.has_components and voxels.facts.components == 3
    np.testing.assert_array_equal(voxels.array, array)


def test_channels_from_several_volumes_lie_one_after_the_other_in_a_type_that_holds_them_all(scene):
    first = np.arange(24).reshape(2, 3, 4).astype(np.uint8)
    second = (np.arange(24).reshape(2, 3, 4) - 300).astype(np.int16)
    voxels = finish(Snapshot([add_volume(scene, first), add_volume(scene, second)]))
    assert voxels.array.dtype == np.int16 and not voxels.has_components
    np.testing.assert_array_equal(voxels.array, np.stack([first, second]))


def test_a_volume_that_stands_still_is_copied_once(scene):
    snapshot = Snapshot([add_volume(scene, np.zeros((64, 256, 256), np.uint8))])
    steps = 1
    while snapshot.step(budget_s=0) is None:
        steps += 1
    assert snapshot.beginnings == 1 and steps == 4, "a step a MiB"


def test_a_volume_that_changes_while_it_is_copied_is_the_new_one_as_a_whole(scene):
    node = add_volume(scene, np.zeros((64, 256, 256), np.uint8))
    snapshot = Snapshot([node])
    assert snapshot.step(budget_s=0) is None
    assert 0 < snapshot.fraction < 1
    scalars_of(node)[...] = 7
    node.GetImageData().GetPointData().GetScalars().Modified()
    node.GetImageData().Modified()
    assert (finish(snapshot).array == 7).all()


def test_a_volume_that_gets_another_image_while_it_is_copied_has_the_new_sizes(scene):
    node = add_volume(scene, np.zeros((64, 256, 256), np.uint8))
    snapshot = Snapshot([node])
    snapshot.step(budget_s=0)
    set_voxels(node, np.full((2, 3, 4), 5, np.int16))
    voxels = finish(snapshot)
    assert voxels.array.shape == (2, 3, 4) and (voxels.array == 5).all() and voxels.facts.sizes_ijk == (4, 3, 2)


def test_a_volume_that_never_stands_still_is_copied_all_the_same(scene):
    node = add_volume(scene, np.zeros((16, 256, 256), np.uint8))
    snapshot = Snapshot([node])
    for number in range(100):
        scalars_of(node)[...] = number
        node.GetImageData().GetPointData().GetScalars().Modified()
        voxels = snapshot.step(budget_s=0)
        if voxels is not None:
            break
    assert voxels is not None and len(np.unique(voxels.array)) == 1


def test_a_volume_without_an_image_is_gone(scene):
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")
    assert read_facts(node) is None
    with pytest.raises(VolumeGone, match="empty has no image"):
        Snapshot([node])


def test_a_copy_in_the_middle_of_which_the_image_goes_says_so(scene):
    node = add_volume(scene, np.zeros((64, 256, 256), np.uint8), name="scan")
    snapshot = Snapshot([node])
    snapshot.step(budget_s=0)
    node.SetAndObserveImageData(None)
    with pytest.raises(VolumeGone, match="scan has no image any more"):
        finish(snapshot)


def test_the_modality_is_the_one_that_dicom_left_in_the_subject_hierarchy(scene):
    node = add_volume(scene, np.zeros((2, 2, 2), np.uint8))
    assert modality_of(node) == ""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    item = hierarchy.CreateItem(hierarchy.GetSceneItemID(), node)
    hierarchy.SetItemAttribute(item, "DICOM.Modality", "CT")
    assert modality_of(node) == "CT"


@pytest.mark.parametrize(
    "facts, input_, texts",
    [
        ([{}], {}, []),
        ([None], {}, ["Choose a volume for image."]),
        ([None], {"required": False}, []),
        ([{"components": 3}], {}, ["image has 3 components a voxel; the workflow takes 1 channel."]),
        ([{"components": 3}, None, None], {"channels": 3}, []),
        ([{"modality": "CT"}], {}, ["image is CT, the workflow is made for MR."]),
        ([{"modality": "mr"}], {}, []),
        ([{"component_type": "bool"}], {}, ["image has voxels of type bool, which a host does not take."]),
        ([{"index_to_lps": np.diag([1.0, 1, 0, 1])}], {}, ["The axes of image do not span a space: check its spacing,"]),
        ([{}, None], {"channels": 2, "channel_names": ("T1", "T2")}, ["takes 2 channels: choose a volume for T2 too."]),
        ([{}, {}], {"channels": 2}, []),
        ([{}, {"sizes_ijk": (3, 3, 4)}], {"channels": 2}, ["image lies on another grid than image"]),
        ([{}, {"index_to_lps": np.diag([1.0, 1, 1.01, 1])}], {"channels": 2}, ["lies on another grid than image"]),
    ],
)
def test_what_does_not_fit_an_input_is_said_in_a_sentence(scene, facts, input_, texts):
    base = read_facts(add_volume(scene, np.zeros((3, 3, 3), np.uint8), name="image"))
    volumes = [None if one is None else type(base)(**{**base.__dict__, **one}) for one in facts]
    problems = check_channels(volumes, declared(**input_))
    assert len(problems) == len(texts)
    for problem, text in zip(problems, texts):
        assert text in problem.text
        assert problem.blocks == ("made for" not in problem.text)
