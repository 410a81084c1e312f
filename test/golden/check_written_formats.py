"""Reads what test/golden/write_formats.ts wrote with nibabel and SimpleITK, and compares it with formats.json.

Run by hand, with nibabel 5.4.2 and SimpleITK 2.5.7 installed:
node --import=tsx test/golden/write_formats.ts FOLDER
python3 test/golden/check_written_formats.py FOLDER > test/fixtures/formats/written.json

Prints the SHA-256 of every .nii and .nrrd (whose bytes depend on nothing but this project), so that a test can tell
that what is written is still what was checked here. Anything that the libraries read differently ends the script.
"""

import hashlib
import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK as sitk

FOLDER = Path(sys.argv[1])
GOLDEN = Path(__file__).parent.parent / "fixtures" / "formats" / "formats.json"


def layout(array: np.ndarray, golden: dict) -> str:
    little = array.astype(array.dtype.newbyteorder("<"))
    assert array.dtype.name == golden["componentType"], array.dtype
    return hashlib.sha256(little.tobytes("F")).hexdigest()


def check_geometry(path: Path, lps: np.ndarray, golden: dict, tolerance: float) -> None:
    wanted = np.array(golden["indexToWorldLps"]).reshape(3, 4)
    worst = np.abs(lps[:3] - wanted).max() / np.abs(wanted).max()
    assert worst <= tolerance, f"{path.name}: geometry differs by {worst}"


def check_nibabel(path: Path, golden: dict) -> None:
    image = nib.load(path)
    array = np.asanyarray(image.dataobj)
    if golden["components"] > 1:
        assert image.header.get_intent()[0] == "vector"
        array = np.moveaxis(array, -1, 0)
    array = array.reshape(([golden["components"]] if golden["components"] > 1 else []) + golden["sizes"], order="F")
    assert layout(array, golden) == golden["sha256"], path.name
    lps = np.diag([-1, -1, 1, 1]) @ image.affine
    check_geometry(path, lps, golden, 2e-6)
    qform, code = image.get_qform(coded=True)
    assert code > 0 and image.get_sform(coded=True)[1] > 0
    matrix = image.affine[:3, :3]
    units = matrix / np.linalg.norm(matrix, axis=0)
    if np.allclose(units.T @ units, np.eye(3), atol=1e-6):
        check_geometry(path, np.diag([-1, -1, 1, 1]) @ qform, golden, 2e-6)


def check_itk(path: Path, golden: dict) -> None:
    image = sitk.ReadImage(path)
    axes = image.GetDimension()
    lps = np.eye(4)
    direction = np.array(image.GetDirection()).reshape(axes, axes) @ np.diag(image.GetSpacing())
    lps[: min(axes, 3), : min(axes, 3)] = direction[:3, :3]
    lps[: min(axes, 3), 3] = image.GetOrigin()[:3]
    wanted = np.array(golden["indexToWorldLps"]).reshape(3, 4)
    units = wanted[:, :3] / np.linalg.norm(wanted[:, :3], axis=0)
    orthogonal = np.allclose(units.T @ units, np.eye(3), atol=1e-6)
    # SimpleITK has no room for a flat image's third axis, nor for sheared axes in its direction matrix.
    if axes >= 3 and orthogonal:
        check_geometry(path, lps, golden, 2e-6)
    array = sitk.GetArrayFromImage(image)
    components = image.GetNumberOfComponentsPerPixel()
    if path.suffix == ".nrrd" and len(golden["sizes"]) == 4:
        # ITK takes the frames of a NRRD as components.
        golden = golden | {"components": golden["sizes"][3]}
        array = np.moveaxis(array, -1, 0)
        components = golden["components"]
        assert image.GetNumberOfComponentsPerPixel() == components, path.name
        assert layout(array.T, golden) == golden["sha256"], path.name
        return
    assert components == golden["components"], f"{path.name}: {components} components"
    array = np.moveaxis(array, -1, 0).reshape((components,) + array.shape[:-1]) if components > 1 else array
    flat = array.transpose([0, *range(array.ndim - 1, 0, -1)]) if components > 1 else array.T
    assert layout(flat, golden) == golden["sha256"], path.name


def main() -> None:
    hashes = {}
    for golden in json.loads(GOLDEN.read_text()):
        for ending in (".nii", ".nii.gz", ".nrrd", ".packed.nrrd", ".mha", ".mhd"):
            path = FOLDER / (golden["file"] + ending)
            if ending.startswith(".nii"):
                check_nibabel(path, golden)
            # SimpleITK reads neither int64 NIfTI nor a series of vectors; sheared NIfTI it refuses.
            if not (ending.startswith(".nii") and (golden["componentType"].endswith("64") or is_sheared(golden))):
                check_itk(path, golden)
            if ending in (".nii", ".nrrd"):
                hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    print(json.dumps(hashes, indent=0))
    print(f"{len(hashes)} files agree", file=sys.stderr)


def is_sheared(golden: dict) -> bool:
    matrix = np.array(golden["indexToWorldLps"]).reshape(3, 4)[:, :3]
    units = matrix / np.linalg.norm(matrix, axis=0)
    return not np.allclose(units.T @ units, np.eye(3), atol=1e-6)


if __name__ == "__main__":
    main()
