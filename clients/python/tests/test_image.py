"""Images in and out: against nibabel and SimpleITK, with volumes that hurt."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys

import itk
import nibabel
import numpy as np
import pytest
import SimpleITK

import voxhost
from voxhost._images.edge import read_image
from voxhost.image import empty_image

SIZES = (7, 5, 6)
#: Oblique, anisotropic, left-handed.
ROTATION = np.linalg.qr(np.random.default_rng(7).normal(size=(3, 3)))[0]
AFFINE_RAS = np.eye(4)
AFFINE_RAS[:3, :3] = ROTATION @ np.diag([0.7, 1.9, 3.3])
AFFINE_RAS[:3, 3] = [-31.25, 17.5, 44.125]


def volume(dtype=np.int16, sizes=SIZES):
    return np.random.default_rng(3).integers(0, 100, size=sizes).astype(dtype)


def wire_bytes(image):
    return b"".join(bytes(block) for block in image.blocks())


def files(tmp_path):
    """The same oblique volume, written by nibabel and by SimpleITK."""
    array = volume()
    nibabel.save(nibabel.Nifti1Image(array, AFFINE_RAS), tmp_path / "nibabel.nii.gz")
    image = SimpleITK.ReadImage(str(tmp_path / "nibabel.nii.gz"))
    for name in ("a.nrrd", "a.mha", "a.nii"):
        SimpleITK.WriteImage(image, str(tmp_path / name))
    return array, [tmp_path / name for name in ("nibabel.nii.gz", "a.nrrd", "a.mha", "a.nii")]


def test_every_file_format_gives_the_voxels_and_the_place_that_nibabel_wrote(tmp_path):
    array, paths = files(tmp_path)
    for path in paths:
        image, _ = read_image(path)
        assert np.array_equal(image.array, array), path
        assert np.allclose(image.affine, AFFINE_RAS, atol=1e-5), path
        assert wire_bytes(image) == array.tobytes("F"), path


def test_a_point_lies_where_nibabel_simpleitk_and_itk_say(tmp_path):
    _, (path, *_) = files(tmp_path)
    nib, sitk, itk_image = nibabel.load(path), SimpleITK.ReadImage(str(path)), itk.imread(str(path))
    index = (3, 1, 4)
    for source in (nib, sitk, itk_image, str(path)):
        image, _ = read_image(source)
        lps = (image.affine_lps @ [*index, 1])[:3]
        assert np.allclose(lps, sitk.TransformIndexToPhysicalPoint(index), atol=1e-5)
        assert np.allclose((image.affine @ [*index, 1])[:3], nibabel.affines.apply_affine(nib.affine, index), atol=1e-5)


def test_nibabel_comes_back_as_nibabel_with_its_affine_to_the_bit():
    source = nibabel.Nifti1Image(volume(), AFFINE_RAS)
    source.header.set_sform(source.affine, code=4)
    image, give_back = read_image(source)
    back = give_back(image)
    assert isinstance(back, nibabel.Nifti1Image)
    assert np.array_equal(back.affine, source.affine)
    assert int(back.header["sform_code"]) == 4
    assert np.array_equal(np.asarray(back.dataobj), volume())


def test_simpleitk_comes_back_as_simpleitk_in_its_place_to_the_bit(tmp_path):
    _, (path, *_) = files(tmp_path)
    source = SimpleITK.ReadImage(str(path))
    image, give_back = read_image(source)
    back = give_back(image)
    assert back.GetOrigin() == source.GetOrigin()
    assert back.GetSpacing() == source.GetSpacing()
    assert back.GetDirection() == source.GetDirection()
    assert np.array_equal(SimpleITK.GetArrayFromImage(back), SimpleITK.GetArrayFromImage(source))


def test_itk_comes_back_as_itk_in_its_place(tmp_path):
    _, (path, *_) = files(tmp_path)
    source = itk.imread(str(path))
    image, give_back = read_image(source)
    back = give_back(image)
    assert list(back.GetOrigin()) == list(source.GetOrigin())
    assert list(back.GetSpacing()) == list(source.GetSpacing())
    assert np.array_equal(itk.array_from_matrix(back.GetDirection()), itk.array_from_matrix(source.GetDirection()))
    assert np.array_equal(itk.array_from_image(back), itk.array_from_image(source))


def test_a_result_on_another_grid_is_placed_by_its_own_geometry():
    result = voxhost.Image(volume(), AFFINE_RAS)
    like = SimpleITK.Image(2, 2, 2, SimpleITK.sitkInt16)
    from voxhost._images.simpleitk_edge import to_simpleitk

    placed = to_simpleitk(result, like)
    index = (6, 4, 5)
    assert np.allclose(placed.TransformIndexToPhysicalPoint(index), (result.affine_lps @ [*index, 1])[:3])


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", ">i2", ">f4", "?", "f2"])
@pytest.mark.parametrize("layout", ["C", "F", "strided", "reversed"])
def test_the_bytes_sent_are_numpys_own_in_fortran_order_whatever_the_array_is(dtype, layout):
    array = volume(dtype, (9, 8, 6))
    array = {
        "C": lambda: np.ascontiguousarray(array),
        "F": lambda: np.asfortranarray(array),
        "strided": lambda: array[::2, 1::3, ::-1],
        "reversed": lambda: array[::-1, ::-1, ::-1],
    }[layout]()
    image = voxhost.Image(array, AFFINE_RAS)
    sent = np.dtype(image.component_type).newbyteorder("<")
    expected = array.astype(sent).tobytes("F")
    assert wire_bytes(image) == expected
    assert image.sha256() == hashlib.sha256(expected).hexdigest()
    offset = image.component_bytes * 17
    assert b"".join(map(bytes, image.blocks(offset))) == expected[offset:]


def test_a_large_array_in_another_order_is_turned_a_few_mebibytes_at_a_time():
    array = np.zeros((64, 512, 512), np.int16)  # C order: 32 MiB
    sizes = [len(block) for block in voxhost.Image(array, np.eye(4)).blocks()]
    assert sum(sizes) == array.nbytes
    assert max(sizes) <= 8 * 2**20


def test_an_array_in_the_wires_order_is_not_copied():
    array = np.asfortranarray(volume())
    (block,) = voxhost.Image(array, np.eye(4)).blocks()
    assert np.shares_memory(np.frombuffer(block, np.uint8), array)


def test_components_lie_side_by_side_as_simpleitk_has_them():
    rgb = np.random.default_rng(1).integers(0, 255, size=(4, 5, 6, 3)).astype(np.uint8)  # k, j, i, c
    source = SimpleITK.GetImageFromArray(rgb, isVector=True)
    image, give_back = read_image(source)
    assert (image.sizes, image.components) == ((6, 5, 4), 3)
    assert wire_bytes(image) == rgb.tobytes()
    assert np.array_equal(SimpleITK.GetArrayFromImage(give_back(image)), rgb)


def test_nibabels_rgb_is_three_components():
    rgb = np.zeros((4, 3, 2), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    rgb["G"] = 7
    image, _ = read_image(nibabel.Nifti1Image(rgb, np.eye(4)))
    assert (image.sizes, image.components, image.component_type) == ((4, 3, 2), 3, "uint8")
    assert wire_bytes(image) == bytes([0, 7, 0]) * 24


def test_a_series_has_four_sizes_and_a_fourth_axis_of_one_is_left_out():
    assert read_image(nibabel.Nifti1Image(volume(sizes=(4, 3, 2, 5)), np.eye(4)))[0].sizes == (4, 3, 2, 5)
    assert read_image(nibabel.Nifti1Image(volume(sizes=(4, 3, 2, 1)), np.eye(4)))[0].sizes == (4, 3, 2)


def test_scaled_integers_are_sent_as_float32_as_the_command_line_sends_them(tmp_path):
    source = nibabel.Nifti1Image(volume(), AFFINE_RAS)
    source.header.set_slope_inter(0.5, -3)
    nibabel.save(source, tmp_path / "scaled.nii")
    image, _ = read_image(tmp_path / "scaled.nii")
    assert image.component_type == "float32"
    assert np.allclose(image.array, nibabel.load(tmp_path / "scaled.nii").get_fdata())


def test_a_tuple_comes_back_as_a_tuple():
    image, give_back = read_image((volume(), AFFINE_RAS))
    array, affine = give_back(image)
    assert np.array_equal(array, volume())
    assert np.array_equal(affine, AFFINE_RAS)


@pytest.mark.parametrize("name", ["m.nii", "m.nii.gz", "m.nrrd", "m.mha", "m.mhd"])
def test_what_is_saved_is_read_again_by_simpleitk(tmp_path, name):
    image = voxhost.Image(volume(np.uint8), AFFINE_RAS)
    image.save(tmp_path / name)
    read = SimpleITK.ReadImage(str(tmp_path / name))
    assert np.array_equal(SimpleITK.GetArrayFromImage(read).T, image.array)
    point = read.TransformIndexToPhysicalPoint((6, 4, 5))
    assert np.allclose(point, (image.affine_lps @ [6, 4, 5, 1])[:3], atol=1e-4)


def dicom_series(folder, array, origin, spacing):
    """A series as scanners write it, its files in no order."""
    folder.mkdir()
    writer = SimpleITK.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    image = SimpleITK.GetImageFromArray(array)
    image.SetSpacing(spacing)
    for k in range(image.GetDepth()):
        plane = image[:, :, k]
        tags = {
            "0008|0060": "MR",
            "0020|000e": "1.2.826.0.1.3680043.2.1125.1",
            "0008|0018": f"1.2.826.0.1.3680043.2.1125.1.{k + 1}",
            "0020|0032": "\\".join(map(str, (origin[0], origin[1], origin[2] + k * spacing[2]))),
            "0020|0037": "1\\0\\0\\0\\1\\0",
            "0020|0013": str(k),
        }
        for key, value in tags.items():
            plane.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"{(7 * k) % 100:02d}.dcm"))
        writer.Execute(plane)


def test_a_dicom_folder_is_one_volume_by_simpleitk_and_by_pydicom_alike(tmp_path):
    from voxhost._images import dicom

    array = volume(np.int16, (6, 5, 7))  # k, j, i
    dicom_series(tmp_path / "series", array, (-10.0, 5.0, 20.0), (0.5, 0.75, 2.5))
    by_simpleitk, _ = read_image(tmp_path / "series")
    by_pydicom = dicom._with_pydicom(str(tmp_path / "series"))
    for image in (by_simpleitk, by_pydicom):
        assert np.array_equal(image.array, array.T)
        assert image.modality == "MR"
        assert np.allclose(np.diag(image.affine_lps), [0.5, 0.75, 2.5, 1])
        assert np.allclose(image.affine_lps[:3, 3], [-10, 5, 20])


def test_a_dicom_folder_with_a_slice_missing_is_refused(tmp_path):
    from voxhost._images import dicom

    dicom_series(tmp_path / "series", volume(np.int16, (6, 5, 7)), (0.0, 0.0, 0.0), (1.0, 1.0, 2.0))
    (tmp_path / "series" / "21.dcm").unlink()
    with pytest.raises(voxhost.InvalidInput, match="evenly spaced"):
        dicom._with_pydicom(str(tmp_path / "series"))
    (tmp_path / "none").mkdir()
    with pytest.raises(voxhost.InvalidInput, match="no DICOM series"):
        read_image(tmp_path / "none")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (lambda path: path / "nowhere.nii", "there is no file"),
        (lambda path: volume(), "An array alone has no place in space"),
        (lambda path: (volume(), np.zeros((4, 4))), "no inverse"),
        (lambda path: (volume(), np.full((4, 4), np.nan)), "not finite"),
        (lambda path: (volume().astype(complex), np.eye(4)), "complex128"),
        (lambda path: (volume(sizes=(1, 1, 1, 1, 2)), np.eye(4)), "1 to 4 axes"),
        (lambda path: (np.zeros((0, 3, 3)), np.eye(4)), "shape"),
        (lambda path: (volume(), np.eye(3)), "4×4"),
        (lambda path: {1, 2}, "expected a path"),
    ],
)
def test_what_is_no_image_is_refused_in_a_sentence(tmp_path, source, said):
    with pytest.raises(voxhost.InvalidInput, match=said):
        read_image(source(tmp_path))


def test_a_damaged_file_is_refused_with_its_name(tmp_path):
    (tmp_path / "broken.nii.gz").write_bytes(b"\x1f\x8b not gzip at all")
    with pytest.raises(voxhost.InvalidInput, match=r"broken\.nii\.gz"):
        read_image(tmp_path / "broken.nii.gz")
    (tmp_path / "scan.xyz").write_bytes(b"")
    with pytest.raises(voxhost.InvalidInput, match=r"\.nrrd"):
        read_image(tmp_path / "scan.xyz")


FULL = """
import resource, signal, sys
import nibabel, numpy, voxhost
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
image = voxhost.Image(numpy.random.default_rng(1).integers(0, 255, (64, 64, 64)).astype("uint8"), numpy.eye(4))
image.save(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
image.array[:] = 7 + numpy.random.default_rng(2).integers(0, 9, (64, 64, 64))
try:
    image.save(sys.argv[1])
except OSError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
@pytest.mark.parametrize("name", ["mask.nii.gz", "mask.nii", "mask.nrrd", "mask.mha"])
def test_a_full_disk_is_said_in_a_sentence_and_leaves_the_file_that_was_there(tmp_path, name):
    """The system ends the file after 4 kB, as a full disk does."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / name)], capture_output=True, text=True, env=os.environ, check=True
    )
    assert f"{name} was not written" in done.stdout
    assert "Make room on its disk" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == [name]
    whole = np.random.default_rng(1).integers(0, 255, (64, 64, 64)).astype("uint8")
    assert np.array_equal(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(tmp_path / name))).T, whole)


@pytest.mark.parametrize("components", [1, 3])
def test_a_large_image_to_be_filled_is_an_array_like_any_other(components):
    sizes = (64, 128, 200)
    shape = (*sizes, components) if components > 1 else sizes
    expected = np.random.default_rng(11).integers(0, 255, size=shape, dtype=np.uint32)
    image, room = empty_image(sizes, "uint32", components, np.eye(4)[:3].ravel(), "CT")
    assert expected.nbytes > 4 * 2**20
    order = [2, 1, 0, 3][: expected.ndim]
    room[:] = expected.transpose(order).astype("<u4").tobytes()
    array = image.array
    assert array.shape == shape
    np.testing.assert_array_equal(array, expected)
    array[0] = 7
    copy = pickle.loads(pickle.dumps(array))
    del image, room
    np.testing.assert_array_equal(copy[0], np.full(shape[1:], 7))
    np.testing.assert_array_equal(array[1:], expected[1:])
