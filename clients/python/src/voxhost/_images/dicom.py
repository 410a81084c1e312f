"""A folder with one DICOM series, read by SimpleITK, ITK or pydicom."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Dict, List

from ..errors import InvalidInput
from ..image import Image

#: Millimetres that the distance of two neighbouring slices may differ from the mean.
_SPACING_TOLERANCE_MM = 0.01


def read_series(folder: str) -> Image:
    """@raises InvalidInput when there is no series, or several, or slices are missing"""
    if find_spec("SimpleITK"):
        return _with_simpleitk(folder)
    if find_spec("pydicom"):
        return _with_pydicom(folder)
    raise InvalidInput(
        'To read a DICOM series SimpleITK is needed: pip install "voxhost[simpleitk]"', metadata={"field": "image"}
    )


def _with_simpleitk(folder: str) -> Image:
    import SimpleITK

    from .simpleitk_edge import from_simpleitk

    reader = SimpleITK.ImageSeriesReader()
    series = reader.GetGDCMSeriesIDs(folder)
    _check_one(folder, list(series))
    names = reader.GetGDCMSeriesFileNames(folder, series[0])
    reader.SetFileNames(names)
    image = from_simpleitk(reader.Execute())
    one = SimpleITK.ImageFileReader()
    one.SetFileName(names[0])
    one.ReadImageInformation()
    image.modality = one.GetMetaData("0008|0060").strip() if one.HasMetaDataKey("0008|0060") else ""
    return image


def _check_one(folder: str, series: List[str]) -> None:
    if len(series) != 1:
        found = "no DICOM series" if not series else f"{len(series)} DICOM series ({', '.join(series)})"
        raise InvalidInput(f"{folder} holds {found}, expected one", metadata={"field": "image", "got": folder})


def _with_pydicom(folder: str) -> Image:
    """PS3.3 C.7.6.2: the place of each slice by ImagePositionPatient along the normal of ImageOrientationPatient."""
    import numpy as np
    import pydicom
    from pydicom.errors import InvalidDicomError

    series: Dict[str, List[Any]] = {}
    for path in sorted(Path(folder).iterdir()):
        try:
            data = pydicom.dcmread(path)
        except (InvalidDicomError, IsADirectoryError, PermissionError):
            continue
        if "PixelData" in data and "ImagePositionPatient" in data:
            series.setdefault(str(data.SeriesInstanceUID), []).append(data)
    _check_one(folder, list(series))
    slices = next(iter(series.values()))
    orientation = np.reshape([float(x) for x in slices[0].ImageOrientationPatient], (2, 3))
    normal = np.cross(orientation[0], orientation[1])
    slices.sort(key=lambda one: float(np.dot(normal, [float(x) for x in one.ImagePositionPatient])))
    positions = np.array([[float(x) for x in one.ImagePositionPatient] for one in slices])
    steps = np.diff(positions, axis=0)
    if len(steps) and np.abs(steps - steps.mean(axis=0)).max() > _SPACING_TOLERANCE_MM:
        raise InvalidInput(f"{folder}: the slices are not evenly spaced; one may be missing", metadata={"got": folder})
    step = steps.mean(axis=0) if len(steps) else normal * float(slices[0].get("SliceThickness") or 1.0)
    rows_mm, columns_mm = (float(x) for x in slices[0].PixelSpacing)
    affine = np.eye(4)
    affine[:3, 0] = orientation[0] * columns_mm
    affine[:3, 1] = orientation[1] * rows_mm
    affine[:3, 2] = step
    affine[:3, 3] = positions[0]
    array = np.stack([_values(one) for one in slices], axis=-1).transpose(1, 0, 2)
    return Image(array, affine, frame="LPS", modality=str(slices[0].get("Modality", "")))


def _values(data: Any) -> Any:
    """Pixels with the rescale applied: whole numbers stay whole."""
    import numpy as np

    slope, intercept = float(data.get("RescaleSlope", 1)), float(data.get("RescaleIntercept", 0))
    pixels = data.pixel_array
    if (slope, intercept) == (1.0, 0.0):
        return pixels
    if slope.is_integer() and intercept.is_integer():
        return (pixels.astype(np.int32) * int(slope) + int(intercept)).astype(np.int32)
    return (pixels * slope + intercept).astype(np.float32)
