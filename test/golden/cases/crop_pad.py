"""Crops and pads."""

import numpy as np
from monai.transforms import (
    BorderPad,
    CenterSpatialCrop,
    CropForeground,
    DivisiblePad,
    ResizeWithPadOrCrop,
    SpatialCrop,
    SpatialPad,
)

from volumes import AFFINES, SIZES, make, texture
from writer import TransformCases


def foreground(name: str, low=(2, 3, 1), high=(7, 8, 5), affine="oblique", channels: int = 1) -> tuple:
    """Positive inside a box, zero or negative outside; the second channel only has one voxel, elsewhere."""
    data = np.zeros((channels, *SIZES))
    box = tuple(slice(a, b) for a, b in zip(low, high))
    data[(0, *box)] = np.abs(texture(name)[(0, *box)]) + 1
    data[0, 0, :, :] -= 5
    if channels > 1:
        data[1, 8, 10, 6] = 3
    return (name, data.astype(np.float32), AFFINES[affine])


def crop_foreground() -> None:
    cases = TransformCases(CropForeground)
    box = foreground("box")
    cases.add("default", box, {})
    for affine in ("flipped", "permuted", "sheared"):
        cases.add(f"{affine}", foreground(f"box-{affine}", affine=affine), {})
    cases.add("margin", box, {"margin": 1})
    cases.add("margin-per-axis", box, {"margin": [1, 0, 2]})
    cases.add("margin-beyond", box, {"margin": 4})
    cases.add("margin-beyond-smaller", box, {"margin": 4, "allow_smaller": True})
    cases.add("margin-beyond-edge", box, {"margin": 4, "mode": "edge"})
    cases.add("divisible", box, {"k_divisible": 4})
    cases.add("divisible-per-axis", box, {"k_divisible": [4, 2, 3], "margin": 1})
    cases.add("divisible-beyond", box, {"k_divisible": 16})
    cases.add("divisible-beyond-smaller", box, {"k_divisible": 16, "allow_smaller": True})
    cases.add("two-channels", foreground("box-two", channels=2), {})
    cases.add("one-of-two-channels", foreground("box-two", channels=2), {"channel_indices": 0})
    cases.add("whole-image", ("ones", np.ones((1, *SIZES), np.float32), AFFINES["oblique"]), {"margin": 1})
    cases.add("one-voxel", foreground("box-one", (4, 4, 4), (5, 5, 5)), {})
    cases.add("nothing", ("nothing", np.zeros((1, *SIZES), np.float32), AFFINES["oblique"]), {})
    cases.add("nothing-smaller", ("nothing", np.zeros((1, *SIZES), np.float32), AFFINES["oblique"]),
              {"allow_smaller": True, "margin": 2})
    for mode in ("minimum", "maximum", "mean", "median", "linear_ramp", "symmetric"):
        cases.add(f"margin-beyond-{mode}", box, {"margin": 3, "mode": mode})
    cases.add("minimum-inside", box, {"mode": "minimum"})
    cases.add("int16", ("box-int16", box[1].astype(np.int16), box[2]), {"margin": 1})


def volume(kind: str = "oblique", dtype: str = "float32", **shape):
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


NUMPY_MODES = ("minimum", "maximum", "mean", "median", "linear_ramp", "symmetric")


def nan_volume() -> tuple:
    name, data, affine = volume("oblique-flipped")
    data[0, 3, 4, 5] = np.nan
    return ("nan-inside", data, affine)


def spatial_pad() -> None:
    cases = TransformCases(SpatialPad)
    cases.add("default", volume(), {"spatial_size": [12, 16, 10]})
    cases.add("some-axes", volume("permuted"), {"spatial_size": [12, -1, 4]})
    cases.add("end", volume("flipped"), {"spatial_size": [12, 16, 10], "method": "end"})
    for mode in ("edge", "reflect", "replicate", "circular", "wrap"):
        cases.add(mode, volume(), {"spatial_size": [12, 14, 9], "mode": mode})
    for mode in NUMPY_MODES:
        cases.add(mode, volume(), {"spatial_size": [13, 30, 10], "mode": mode})
        cases.add(f"{mode}-channels", volume("sheared", channels=3), {"spatial_size": [12, 14, 9], "mode": mode})
        cases.add(f"{mode}-uint8", volume("oblique", "uint8"), {"spatial_size": [12, 14, 9], "mode": mode})
        cases.add(f"{mode}-int16", volume("oblique", "int16"), {"spatial_size": [12, 14, 9], "mode": mode})
        cases.add(f"{mode}-nan", nan_volume(), {"spatial_size": [11, 13, 8], "mode": mode})
        cases.add(f"{mode}-long-rows", volume("oblique", sizes=(3, 4, 150)), {"spatial_size": [5, 5, 154], "mode": mode})
    small = volume("oblique", sizes=(4, 4, 4))
    cases.add("reflect-too-wide", small, {"spatial_size": 20, "mode": "reflect"}, raises=True)
    cases.add("circular-several-turns", small, {"spatial_size": 20, "mode": "circular"})  # numpy's, where torch gives up
    cases.add("ramp-from-zero", ("ones-and-zeros", (np.arange(120).reshape(1, 4, 5, 6) % 3).astype(np.float32),
                                 AFFINES["oblique"]), {"spatial_size": 11, "mode": "linear_ramp"})
    cases.add("value", volume(), {"spatial_size": [12, 16, 10], "value": -1000})
    cases.add("already-larger", volume(), {"spatial_size": [4, 4, 4]})
    cases.add("one-number", volume("sheared", channels=3), {"spatial_size": 12})
    cases.add("uint8", volume("oblique", "uint8"), {"spatial_size": [10, 12, 8]})


def divisible_pad() -> None:
    cases = TransformCases(DivisiblePad)
    cases.add("one-number", volume(), {"k": 8})
    cases.add("per-axis", volume("permuted"), {"k": [4, 16, 3]})
    cases.add("edge", volume(), {"k": 4, "mode": "edge"})
    cases.add("end", volume("flipped"), {"k": 16, "method": "end"})
    cases.add("already-divisible", volume("oblique", sizes=(4, 8, 4)), {"k": 4})
    cases.add("some-axes", volume(), {"k": [0, 4, 1]})


def center_spatial_crop() -> None:
    cases = TransformCases(CenterSpatialCrop)
    cases.add("odd-in-odd", volume(), {"roi_size": [5, 5, 3]})
    cases.add("even-in-odd", volume("permuted"), {"roi_size": [4, 6, 2]})
    cases.add("odd-in-even", volume("oblique", sizes=(10, 8, 6)), {"roi_size": [5, 3, 1]})
    cases.add("larger-than-image", volume(), {"roi_size": [20, 5, 20]})
    cases.add("some-axes", volume("sheared", channels=3), {"roi_size": [-1, 6, -1]})
    cases.add("one-number", volume("flipped"), {"roi_size": 4})


def border_pad() -> None:
    cases = TransformCases(BorderPad)
    cases.add("one-number", volume(), {"spatial_border": 2})
    cases.add("per-axis", volume("permuted"), {"spatial_border": [1, 0, 3]})
    cases.add("per-side", volume("sheared"), {"spatial_border": [1, 0, 3, 2, 0, 4]})
    cases.add("negative", volume("flipped"), {"spatial_border": [-1, 2, 0]})
    cases.add("wrong-count", volume(), {"spatial_border": [1, 2]}, raises=True)
    cases.add("value", volume("oblique", "uint8"), {"spatial_border": 1, "value": 7})
    for mode in ("edge", "reflect", "circular", *NUMPY_MODES):
        cases.add(mode, volume("oblique", channels=2), {"spatial_border": [3, 1, 2], "mode": mode})


def spatial_crop() -> None:
    cases = TransformCases(SpatialCrop)
    cases.add("start-end", volume(), {"roi_start": [1, 2, 3], "roi_end": [6, 9, 5]})
    cases.add("centre-size", volume("permuted"), {"roi_center": [4, 5, 3], "roi_size": [5, 4, 3]})
    cases.add("centre-size-at-the-edge", volume("sheared"), {"roi_center": [0, 10, 3], "roi_size": [5, 6, 7]})
    cases.add("negative-start", volume(), {"roi_start": [-3, 0, -1], "roi_end": [4, 4, 4]})
    cases.add("beyond-the-end", volume(), {"roi_start": [2, 2, 2], "roi_end": [40, 5, 90]})
    cases.add("two-axes", volume("flipped", channels=3), {"roi_start": [2, 3], "roi_end": [6, 7]})
    cases.add("one-number", volume(), {"roi_start": 2, "roi_end": 5})
    cases.add("nothing-left", volume(), {"roi_start": [5, 5, 5], "roi_end": [4, 9, 6]})
    cases.add("outside", volume(), {"roi_start": [20, 0, 0], "roi_end": [30, 5, 5]})
    cases.add("uint8", volume("oblique", "uint8"), {"roi_center": 3, "roi_size": 4})


def pad_or_crop() -> None:
    cases = TransformCases(ResizeWithPadOrCrop)
    cases.add("both", volume(), {"spatial_size": [6, 14, 7]})
    cases.add("crop", volume("permuted"), {"spatial_size": [4, 5, 6]})
    cases.add("pad", volume("sheared"), {"spatial_size": 16})
    cases.add("end", volume("flipped", channels=2), {"spatial_size": [12, 4, 10], "method": "end"})
    cases.add("edge", volume(), {"spatial_size": [12, 4, 10], "mode": "edge"})
    cases.add("minimum", volume(), {"spatial_size": [12, 4, 10], "mode": "minimum"})
    cases.add("value", volume(), {"spatial_size": [12, 4, -1], "value": 3})
    cases.add("odd-even", volume("oblique", sizes=(10, 8, 5)), {"spatial_size": [5, 5, 8]})
    cases.add("int16", volume("oblique", "int16"), {"spatial_size": [5, 20, 8]})


FOLDERS = {
    "BorderPad": border_pad,
    "SpatialCrop": spatial_crop,
    "ResizeWithPadOrCrop": pad_or_crop,
    "CropForeground": crop_foreground,
    "SpatialPad": spatial_pad,
    "DivisiblePad": divisible_pad,
    "CenterSpatialCrop": center_spatial_crop,
}
