"""Small image files of every sort, and what nibabel, MONAI's LoadImage, SimpleITK and pynrrd read from them: the oracle
of test/imaging/formats.

Run by hand, with monai 1.6.1, nibabel 5.4.2, SimpleITK 2.5.7 and pynrrd 1.1.3 installed:
python3 test/golden/formats.py test/fixtures/formats

Files are written by those libraries, then bent by hand where they would not write what is found in the wild. Voxels
come from a seeded generator. Each entry of formats.json gives what the oracle read, in this project's layout: geometry
in LPS (3x4 by rows), SHA-256 of little-endian voxels, i fastest, components side by side.
"""

import gzip
import hashlib
import json
import sys
from pathlib import Path

import nibabel as nib
import nrrd
import numpy as np
import SimpleITK as sitk
from monai.transforms import LoadImage

OUT = Path(sys.argv[1])
SHAPE = (5, 4, 3)
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
entries: list[dict] = []


def voxels(shape, dtype, seed=0) -> np.ndarray:
    dice = np.random.default_rng(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return dice.normal(0, 1000, shape).astype(dtype)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return dice.integers(low, high, shape, dtype=dtype, endpoint=True)


def rotation(x: float, y: float, z: float) -> np.ndarray:
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def affine(matrix, spacing=(1.0, 1.0, 1.0), origin=(0.0, 0.0, 0.0)) -> np.ndarray:
    out = np.eye(4)
    out[:3, :3] = np.asarray(matrix) @ np.diag(spacing)
    out[:3, 3] = origin
    return out


OBLIQUE = affine(rotation(0.3, -0.2, 0.5), (0.7, 1.1, 3.0), (-20.5, 33.25, 7.125))
LEFT_HANDED = affine(rotation(-0.1, 0.4, 0.2) @ np.diag([1, 1, -1]), (1.5, 0.5, 2.0), (10.0, -4.0, 2.5))
PERMUTED = affine([[0, 0, -1], [-1, 0, 0], [0, 1, 0]], (0.8, 0.9, 4.0), (90.0, -126.0, -72.0))
HALF_TURN = affine(np.diag([1.0, -1.0, -1.0]), (2.0, 2.0, 2.0), (1.0, 2.0, 3.0))


def record(file: str, oracle: str, array: np.ndarray, lps: np.ndarray, components: int = 1) -> None:
    """`array` has i first; with components, they are its last axis."""
    if components > 1:
        array = np.moveaxis(array, -1, 0)
        sizes = array.shape[1:]
    else:
        sizes = array.shape
    little = array.astype(array.dtype.newbyteorder("<"))
    entries.append(
        {
            "file": file,
            "oracle": oracle,
            "sizes": list(sizes),
            "componentType": array.dtype.name,
            "components": components,
            "indexToWorldLps": np.asarray(lps, np.float64)[:3].ravel().tolist(),
            "sha256": hashlib.sha256(little.tobytes("F")).hexdigest(),
        }
    )


# --- NIfTI ------------------------------------------------------------------------------------------------------------


def nifti(name: str, data: np.ndarray, ras: np.ndarray, sform=1, qform=1, kind=nib.Nifti1Image, order="<", edit=None) -> Path:
    header = kind.header_class(endianness=order)
    header.set_data_shape(data.shape)
    header.set_data_dtype(data.dtype.newbyteorder(order))
    image = kind(data, None, header)
    image.header.set_sform(ras, sform)
    image.header.set_qform(ras, qform)
    image.header["vox_offset"] = image.header.single_vox_offset
    if edit is not None:
        edit(image.header)
    path = OUT / name
    raw = image.header.binaryblock + bytes(4) + data.astype(data.dtype.newbyteorder(order)).tobytes("F")
    path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
    return path


def read_nifti(path: Path, components: int = 1) -> None:
    """Voxels as nibabel gives them (float64 arithmetic, then float32, when scaled), geometry as MONAI's LoadImage."""
    image = nib.load(path)
    array = np.asanyarray(image.dataobj)
    slope, inter = image.dataobj.slope, image.dataobj.inter
    if (slope, inter) != (1, 0):
        array = array.astype(np.float32)
    if components == 1 and array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if components > 1 and array.dtype.names is None:
        array = array.reshape(array.shape[:3] + (components,))
    try:
        loaded = LoadImage(image_only=True)(path)
        ras, oracle = np.asarray(loaded.affine, np.float64), "nibabel, MONAI"
        if components == 1:
            same = np.asarray(loaded).reshape(array.shape, order="F")
            assert np.array_equal(same, array.astype(np.float32), equal_nan=True), path
    except (TypeError, ValueError):
        # Structured (RGB) voxels: MONAI cannot make a tensor of them.
        ras, oracle = image.affine, "nibabel"
    if array.dtype.names is not None:
        array = np.stack([array[name] for name in array.dtype.names], axis=-1)
    record(path.name, oracle, array, LPS @ ras, components)


def make_nifti() -> None:
    def put(**fields):
        def edit(header):
            for name, value in fields.items():
                header[name] = value

        return edit

    def pixdim(*values):
        def edit(header):
            header["pixdim"][: len(values)] = values

        return edit

    small = voxels(SHAPE, np.int16)
    paths = [
        nifti("oblique_int16.nii.gz", small, OBLIQUE, 1, 1),
        nifti("left_handed_qform.nii", voxels(SHAPE, np.uint8), LEFT_HANDED, 0, 1),
        nifti("oblique_qform_float32.nii.gz", voxels(SHAPE, np.float32), OBLIQUE, 0, 2),
        nifti("half_turn_qform.nii", small, HALF_TURN, 0, 1),
        nifti("permuted_sform.nii.gz", voxels(SHAPE, np.float32), PERMUTED, 2, 0),
        nifti("big_endian_int16.nii", small, OBLIQUE, 1, 1, order=">"),
        nifti("scaled_uint8.nii.gz", voxels(SHAPE, np.uint8), OBLIQUE, edit=put(scl_slope=0.1, scl_inter=-7.3)),
        nifti("scaled_big_endian_int32.nii", voxels(SHAPE, np.int32), OBLIQUE, order=">", edit=put(scl_slope=1e-3, scl_inter=0)),
        nifti("scaled_float32.nii", voxels(SHAPE, np.float32), OBLIQUE, edit=put(scl_slope=3.3, scl_inter=0.7)),
        nifti("scaled_int64.nii", voxels(SHAPE, np.int64), OBLIQUE, edit=put(scl_slope=1e-9, scl_inter=0.5)),
        nifti("slope_zero.nii", small, OBLIQUE, edit=put(scl_slope=0, scl_inter=5)),
        nifti("slope_nan.nii", small, OBLIQUE, edit=put(scl_slope=np.nan, scl_inter=np.nan)),
        nifti("series_float64.nii.gz", voxels(SHAPE + (6,), np.float64), OBLIQUE, edit=pixdim(1, 0.7, 1.1, 3.0, 2.5)),
        nifti("series_of_one.nii", voxels(SHAPE + (1,), np.uint16), PERMUTED),
        nifti("flat.nii", voxels((7, 6), np.uint8), OBLIQUE),
        nifti("nifti2_float64.nii.gz", voxels(SHAPE, np.float64), OBLIQUE, kind=nib.Nifti2Image),
        nifti("nifti2_big_endian.nii", voxels(SHAPE, np.uint16), LEFT_HANDED, 0, 1, nib.Nifti2Image, ">"),
        nifti("no_form.nii", small, np.eye(4), 0, 0, edit=pixdim(1, 0.5, 0.75, 2.5)),
        nifti("sform_disagrees.nii", small, OBLIQUE, edit=lambda h: h.set_sform(affine(rotation(0, 0, 1), (2, 2, 2), (5, 6, 7)), 1)),
        nifti("sform_disagrees_no_qform.nii", small, OBLIQUE, 1, 0, edit=lambda h: h.set_sform(affine(rotation(0, 0, 1), (2, 2, 2)), 1)),
        nifti("sform_turned_same_sizes.nii", small, OBLIQUE, edit=lambda h: h.set_sform(affine(rotation(0, 0, 1), (0.7, 1.1, 3.0)), 1)),
        nifti("series_sform_disagrees.nii", voxels(SHAPE + (2,), np.int16), OBLIQUE, edit=lambda h: h.set_sform(affine(rotation(0, 0, 1), (2, 2, 2)), 1)),
        nifti("negative_pixdim_no_qfac.nii", small, OBLIQUE, 0, 1, edit=pixdim(0, -0.7, 1.1, 0.0)),
        nifti("metres.nii", small, OBLIQUE, edit=put(xyzt_units=1)),
        *[nifti(f"type_{np.dtype(t).name}.nii", voxels(SHAPE, t, 1), PERMUTED) for t in (
            np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.uint64, np.int64, np.float32, np.float64)],
    ]
    for path in paths:
        read_nifti(path)

    extended = nib.Nifti1Image(small, OBLIQUE)
    extended.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"the voxels begin later"))
    nib.save(extended, OUT / "extended.nii")
    read_nifti(OUT / "extended.nii")

    whole = gzip.decompress((OUT / "oblique_int16.nii.gz").read_bytes())
    parts = [whole[:100], whole[100:360], whole[360:]]
    (OUT / "three_gzip_members.nii.gz").write_bytes(b"".join(gzip.compress(part, mtime=0) for part in parts))
    read_nifti(OUT / "three_gzip_members.nii.gz")
    (OUT / "gzip_under_nii.nii").write_bytes(gzip.compress(whole, mtime=0))
    record("gzip_under_nii.nii", "nibabel", small, LPS @ nib.load(OUT / "oblique_int16.nii.gz").affine)

    colours = np.zeros(SHAPE, dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
    for seed, name in enumerate(colours.dtype.names):
        colours[name] = voxels(SHAPE, np.uint8, seed)
    nib.save(nib.Nifti1Image(colours, OBLIQUE), OUT / "rgb24.nii.gz")
    read_nifti(OUT / "rgb24.nii.gz", 3)

    vectors = nib.Nifti1Image(voxels(SHAPE + (1, 3), np.float32), OBLIQUE)
    vectors.header.set_intent("vector")
    nib.save(vectors, OUT / "vectors.nii")
    read_nifti(OUT / "vectors.nii", 3)


# --- SimpleITK: NRRD and MetaImage ------------------------------------------------------------------------------------


def itk_image(array: np.ndarray, lps: np.ndarray, components: int = 1) -> sitk.Image:
    axes = array.ndim - (1 if components > 1 else 0)
    moved = np.moveaxis(array, -1, 0) if components > 1 else array
    transposed = np.moveaxis(moved.T, -1, -1)
    image = sitk.GetImageFromArray(transposed, isVector=components > 1)
    spacing = np.linalg.norm(lps[:axes, :axes], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((lps[:axes, :axes] / spacing).ravel().tolist())
    image.SetOrigin(lps[:axes, -1].tolist())
    return image


def read_itk(path: Path) -> None:
    image = sitk.ReadImage(path)
    axes = image.GetDimension()
    direction = np.array(image.GetDirection()).reshape(axes, axes) @ np.diag(image.GetSpacing())
    lps = np.eye(4)
    lps[: min(axes, 3), : min(axes, 3)] = direction[:3, :3]
    lps[: min(axes, 3), 3] = image.GetOrigin()[:3]
    components = image.GetNumberOfComponentsPerPixel()
    array = sitk.GetArrayFromImage(image)
    array = np.moveaxis(np.moveaxis(array, -1, 0).T, -1, -1) if components > 1 else array.T
    record(path.name, "SimpleITK", array, lps, components)


def make_itk() -> None:
    lps, left = LPS @ OBLIQUE, LPS @ LEFT_HANDED
    small = voxels(SHAPE, np.int16)
    for name, array, matrix, components, packed in [
        ("oblique_int16.nrrd", small, lps, 1, True),
        ("left_handed_float64.nrrd", voxels(SHAPE, np.float64), left, 1, False),
        ("vector_float32.nrrd", voxels(SHAPE + (3,), np.float32), lps, 3, True),
        ("rgb_uint8.nrrd", voxels(SHAPE + (3,), np.uint8), lps, 3, True),
        ("detached.nhdr", voxels(SHAPE, np.uint16), lps, 1, True),
        ("oblique_int16.mha", small, lps, 1, True),
        ("left_handed_float64.mha", voxels(SHAPE, np.float64), left, 1, False),
        ("vector_float32.mha", voxels(SHAPE + (2,), np.float32), lps, 2, True),
        ("detached.mhd", voxels(SHAPE, np.uint32), lps, 1, False),
        ("detached_packed.mhd", voxels(SHAPE, np.int8), lps, 1, True),
        ("type_int64.mha", voxels(SHAPE, np.int64), lps, 1, True),
        ("type_uint64.nrrd", voxels(SHAPE, np.uint64), lps, 1, True),
    ]:
        sitk.WriteImage(itk_image(array, matrix, components), OUT / name, useCompression=packed)
        read_itk(OUT / name)

    flat = np.eye(3)
    flat[:2, :2] = [[0.0, -0.5], [0.25, 0.0]]
    flat[:2, 2] = [3.0, -4.0]
    for name in ("flat.mha", "flat.nrrd"):
        sitk.WriteImage(itk_image(voxels((7, 6), np.uint8), flat), OUT / name)
        read_itk(OUT / name)
    series = np.eye(5)
    series[:3, :3] = lps[:3, :3]
    series[:3, 4] = lps[:3, 3]
    sitk.WriteImage(itk_image(voxels(SHAPE + (4,), np.int16), series), OUT / "series.mha")
    read_itk(OUT / "series.mha")

    make_by_hand(small)


def make_by_hand(small: np.ndarray) -> None:
    """Headers that SimpleITK reads but does not write."""

    def write(name: str, lines: list[str], data: bytes, reader=read_itk) -> None:
        (OUT / name).write_bytes("\n".join(lines).encode() + b"\n" + data)
        reader(OUT / name)

    sizes = "5 4 3"
    size_line, big = f"sizes: {sizes}", small.astype(">i2").tobytes("F")
    little = small.astype("<i2").tobytes("F")
    nrrd_lines = ["NRRD0005", "# by hand", "type: short", "dimension: 3"]
    directions = "space directions: (0.5,0,0.1) (0,0.75,0) (-0.2,0,2)"
    origin = "space origin: (10,-20,30.5)"
    for space in ("right-anterior-superior", "left-anterior-superior", "left-posterior-superior"):
        short = "".join(word[0] for word in space.split("-"))
        write(f"space_{short}.nrrd", [*nrrd_lines, f"space: {space}", size_line, directions, origin, "endian: little", "encoding: raw", ""], little)
    write("space_RAS_short.nrrd", [*nrrd_lines, "space: RAS", size_line, directions, origin, "endian: little", "encoding: raw", ""], little)
    write("big_endian.nrrd", [*nrrd_lines, "space: left-posterior-superior", size_line, directions, origin, "endian: big", "encoding: raw", ""], big)
    write("crlf_gz.nrrd", [f"{line}\r" for line in [*nrrd_lines, "space: left-posterior-superior", size_line, directions, origin, "endian: little", "encoding: gz", "note:=a key value pair", ""]], gzip.compress(little, mtime=0))
    text = " ".join(str(value) for value in small.ravel("F")).encode() + b"\n"
    write("text.nrrd", [*nrrd_lines, "space: left-posterior-superior", size_line, directions, origin, "encoding: ascii", ""], text)
    write("spacings.nrrd", [*nrrd_lines, size_line, "spacings: 0.5 0.75 2", "endian: little", "encoding: raw", ""], little)
    write("spacings_axis_mins_cell.nrrd", [*nrrd_lines, size_line, "spacings: 0.5 0.75 2", "axis mins: 1 2 3", "centerings: cell cell cell", "endian: little", "encoding: raw", ""], little)
    write("spacings_axis_mins_node.nrrd", [*nrrd_lines, size_line, "spacings: 0.5 0.75 2", "axis mins: 1 2 3", "centerings: node node node", "endian: little", "encoding: raw", ""], little)
    (OUT / "skipped.raw").write_bytes(b"two lines\nto be skipped\nand 5" + little)
    write("skipped.nhdr", [*nrrd_lines, "space: left-posterior-superior", size_line, directions, origin, "endian: little", "encoding: raw", "line skip: 2", "byte skip: 5", "data file: skipped.raw", ""], b"")
    write("skipped_from_end.nhdr", [*nrrd_lines, "space: left-posterior-superior", size_line, directions, origin, "endian: little", "encoding: raw", "byte skip: -1", "data file: skipped.raw", ""], b"")

    mha = ["ObjectType = Image", "NDims = 3", "DimSize = 5 4 3", "ElementType = MET_SHORT"]
    write("big_endian.mha", [*mha[:2], "BinaryData = True", "BinaryDataByteOrderMSB = True", "Offset = 1 2 3", "ElementSpacing = 0.5 0.75 2", *mha[2:], "ElementDataFile = LOCAL"], big)
    write("text.mha", [*mha[:2], "BinaryData = False", "Position = 1 2 3", "ElementSize = 0.5 0.75 2", *mha[2:], "ElementDataFile = LOCAL"], text)
    write("from_end.mhd", [*mha[:2], "BinaryData = True", "HeaderSize = -1", *mha[2:], "ElementDataFile = skipped.raw"], b"")


# --- pynrrd: axes that SimpleITK moves or leaves out --------------------------------------------------------------------


def make_pynrrd() -> None:
    lps = LPS @ OBLIQUE
    vectors = [lps[:3, axis].tolist() for axis in range(3)]
    none = [np.nan] * 3
    for name, shape, axis, kind in [
        ("components_last.nrrd", SHAPE + (3,), 3, "vector"),
        ("components_in_the_middle.nrrd", (5, 3, 4, 3), 1, "list"),
        ("time_last.nrrd", SHAPE + (4,), 3, "time"),
        ("time_first.nrrd", (4,) + SHAPE, 0, "time"),
    ]:
        data = voxels(shape, np.int16)
        space = list(vectors)
        space.insert(axis, none)
        kinds = ["domain"] * 3
        kinds.insert(axis, kind)
        header = {"space": "left-posterior-superior", "space directions": np.array(space), "space origin": lps[:3, 3], "kinds": kinds}
        nrrd.write(str(OUT / name), data, header, compression_level=9)
        read, _ = nrrd.read(str(OUT / name))
        last = np.moveaxis(read, axis, -1)
        record(name, "pynrrd", last, lps, 1 if kind == "time" else last.shape[-1])


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    make_nifti()
    make_itk()
    make_pynrrd()
    text = ",\n".join(json.dumps(entry) for entry in entries)
    (OUT / "formats.json").write_text(f"[\n{text}\n]\n")
    print(f"{len(entries)} files, {sum(path.stat().st_size for path in OUT.iterdir())} bytes")


if __name__ == "__main__":
    main()
