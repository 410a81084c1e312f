"""CropForeground, SpatialPad, DivisiblePad, CenterSpatialCrop."""

import numpy as np
from monai.transforms import CenterSpatialCrop, CropForeground, DivisiblePad, SpatialPad

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
    cases.add("int16", ("box-int16", box[1].astype(np.int16), box[2]), {"margin": 1})


def volume(kind: str = "oblique", dtype: str = "float32", **shape):
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


def spatial_pad() -> None:
    cases = TransformCases(SpatialPad)
    cases.add("default", volume(), {"spatial_size": [12, 16, 10]})
    cases.add("some-axes", volume("permuted"), {"spatial_size": [12, -1, 4]})
    cases.add("end", volume("flipped"), {"spatial_size": [12, 16, 10], "method": "end"})
    for mode in ("edge", "reflect", "replicate", "circular", "wrap"):
        cases.add(mode, volume(), {"spatial_size": [12, 14, 9], "mode": mode})
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


FOLDERS = {
    "CropForeground": crop_foreground,
    "SpatialPad": spatial_pad,
    "DivisiblePad": divisible_pad,
    "CenterSpatialCrop": center_spatial_crop,
}
