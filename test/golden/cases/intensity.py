"""Transforms of intensities voxel by voxel."""

import numpy as np
from monai.transforms import (
    AdjustContrast,
    NormalizeIntensity,
    ScaleIntensity,
    ScaleIntensityRange,
    ScaleIntensityRangePercentiles,
    ShiftIntensity,
    ThresholdIntensity,
)

from volumes import AFFINES, make, texture
from writer import TransformCases, tensor

UNIT = 2e-6  # values of about 1, in float32


def volume(kind: str = "oblique", dtype: str = "float32", **shape):
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


def special(name: str, change) -> tuple:
    data = texture(name).astype(np.float32)
    return (name, change(data).astype(data.dtype), AFFINES["oblique"])


def with_zeros(data):
    return np.where(data < 80, 0, data)


def with_nan(data):
    data[0, 3, 4, 5] = np.nan
    data[0, 0, 0, 0] = np.nan
    return data


CONSTANT = special("constant", lambda data: np.full_like(data, 37.5))
ZERO = special("zero", np.zeros_like)
ZEROS = special("with-zeros", with_zeros)
NAN = special("with-nan", with_nan)
NEGATIVE = special("all-negative", lambda data: -np.abs(data) - 1)
ONE_BRIGHT = special("one-bright", lambda data: np.where(np.arange(data.size).reshape(data.shape) == 100, 1e6, data))
DTYPES = ("uint8", "int16", "float64")


def channels() -> tuple:
    name = "unlike-channels"
    data = texture(name, channels=3).astype(np.float32)
    data[1] = data[1] * 0.01 + 5
    data[2] = 0
    return (name, data, AFFINES["oblique"])


def scale_intensity() -> None:
    cases = TransformCases(ScaleIntensity)
    cases.add("default", volume(), {}, UNIT)
    cases.add("to-minus-one", volume(), {"minv": -1.0, "maxv": 1.0}, UNIT)
    cases.add("channel-wise", channels(), {"channel_wise": True}, UNIT)
    cases.add("all-channels-together", channels(), {}, UNIT)
    cases.add("constant", CONSTANT, {"minv": 0.5, "maxv": 2.0}, UNIT)
    cases.add("zero", ZERO, {}, UNIT)
    cases.add("factor", volume(), {"minv": None, "maxv": None, "factor": 0.5}, 2e-4)
    for dtype in DTYPES:
        cases.add(dtype, volume("oblique", dtype), {}, UNIT)


def scale_intensity_range() -> None:
    cases = TransformCases(ScaleIntensityRange)
    ct = {"a_min": -57, "a_max": 164, "b_min": 0.0, "b_max": 1.0}
    cases.add("clip", volume(), ct | {"clip": True}, UNIT)
    cases.add("no-clip", volume(), ct, 1e-5)
    cases.add("no-target", volume(), {"a_min": 0, "a_max": 500}, UNIT)
    cases.add("only-least", volume(), {"a_min": 0, "a_max": 500, "b_min": 0.25, "clip": True}, UNIT)
    cases.add("upside-down", volume(), {"a_min": 500, "a_max": 0, "b_min": 0.0, "b_max": 1.0, "clip": True}, UNIT)
    cases.add("no-range", volume(), {"a_min": 100, "a_max": 100, "b_min": 2.0, "b_max": 3.0}, 2e-4)
    cases.add("deepbet", volume(), {"a_min": 0.0, "a_max": 1.0, "b_min": 0.449, "b_max": 0.675}, 2e-4)
    cases.add("nan", NAN, ct | {"clip": True}, UNIT)
    for dtype in DTYPES:
        cases.add(dtype, volume("oblique", dtype), ct | {"clip": True}, UNIT)


def percentiles() -> None:
    cases = TransformCases(ScaleIntensityRangePercentiles)
    robust = {"lower": 1, "upper": 99, "b_min": 0.0, "b_max": 1.0}
    cases.add("clip", volume(), robust | {"clip": True}, UNIT)
    cases.add("no-clip", volume(), robust, UNIT)
    cases.add("half-percent", volume(), robust | {"lower": 0.5, "upper": 99.5, "clip": True}, UNIT)
    cases.add("whole-range", volume(), robust | {"lower": 0, "upper": 100}, UNIT)
    cases.add("other-target", volume(), robust | {"b_min": -1.0, "b_max": 3.0, "clip": True}, 5e-6)
    cases.add("no-target", volume(), robust | {"b_min": None, "b_max": None}, UNIT)
    cases.add("relative", volume(), robust | {"lower": 10, "upper": 80, "clip": True, "relative": True}, UNIT)
    cases.add("channel-wise", channels(), robust | {"channel_wise": True, "clip": True}, 2e-5)
    cases.add("all-channels-together", channels(), robust | {"clip": True}, UNIT)
    cases.add("constant", CONSTANT, robust | {"clip": True}, UNIT)
    cases.add("zero", ZERO, robust | {"clip": True}, UNIT)
    cases.add("one-bright", ONE_BRIGHT, robust | {"clip": True}, UNIT)
    cases.add("one-voxel", volume("flipped", sizes=(1, 1, 1)), robust | {"clip": True}, UNIT)
    cases.add("nan", NAN, robust | {"clip": True}, UNIT)
    cases.add("float64", volume("oblique", "float64"), robust | {"clip": True}, UNIT)
    for dtype in ("uint8", "int16"):  # torch's quantile takes no integers: LoadImage has made them float32 long before
        cases.add(dtype, volume("oblique", dtype), robust | {"clip": True}, raises=True)
    million(cases, "a-million", (100, 100, 100), 7.0)
    million(cases, "beyond-a-million", (101, 100, 100), 7.0)
    million(cases, "beyond-a-million-integers", (128, 90, 88), 1.0)
    million(cases, "beyond-a-million-few-values", (128, 90, 88), 262144.0, floor=True)


def million(cases: TransformCases, case: str, sizes, divisor: float, floor: bool = False) -> None:
    """Up to a million elements torch's quantile answers, beyond numpy's: the input is a formula, not a file."""
    count = int(np.prod(sizes))
    hashed = (np.arange(count, dtype=np.uint64) * 2654435761 % 2**32) >> 12
    values = hashed.astype(np.float64) / divisor
    data = (np.floor(values) if floor else values).astype(np.float32).reshape(1, *sizes)
    args = {"lower": 0.5, "upper": 99.5, "b_min": 0.0, "b_max": 1.0, "clip": True}
    image = tensor(data, AFFINES["identity"])
    answer = ScaleIntensityRangePercentiles(**args)(image).numpy()
    if count > 1_000_000:
        found = [float(v) for v in np.percentile(data, [0.5, 99.5])]
    else:
        found = [float(image.as_tensor().float().quantile(q / 100)) for q in (0.5, 99.5)]
    every = 997
    affine = [float(v) for v in AFFINES["identity"].ravel()]
    shape = {"sizes": [1, *sizes], "affineRas": affine}
    cases.writer.case(case, {
        "transform": "ScaleIntensityRangePercentiles",
        "args": args,
        "input": {"formula": "hashed-integers", "divisor": divisor, "floor": floor, "dtype": "float32", **shape},
        "output": {"dtype": answer.dtype.name, **shape, "percentiles": found,
                   "samples": {"every": every, "values": [float(v) for v in answer.ravel()[::every]]}},
        "tolerance": UNIT,
    })


def normalize() -> None:
    cases = TransformCases(NormalizeIntensity)
    cases.add("default", volume(), {}, 5e-6)
    cases.add("nonzero", ZEROS, {"nonzero": True}, 5e-6)
    cases.add("nonzero-text", ZEROS, {"nonzero": "True", "channel_wise": "True"}, 5e-6)
    cases.add("channel-wise", channels(), {"channel_wise": True}, 5e-6)
    cases.add("nonzero-channel-wise", channels(), {"nonzero": True, "channel_wise": True}, 5e-6)
    cases.add("nonzero-together", channels(), {"nonzero": True}, 5e-6)
    cases.add("given", volume(), {"subtrahend": 120.0, "divisor": 250.0}, 5e-6)
    cases.add("given-per-channel", channels(),
              {"subtrahend": [1.0, 2.0, 3.0], "divisor": [10.0, 20.0, 0.0], "channel_wise": True}, 2e-5)
    cases.add("constant", CONSTANT, {}, 5e-6)
    cases.add("zero-nonzero", ZERO, {"nonzero": True}, 5e-6)
    cases.add("all-negative", NEGATIVE, {"nonzero": True}, 5e-6)
    cases.add("one-bright", ONE_BRIGHT, {}, 5e-5)
    cases.add("nan", NAN, {}, 5e-6)
    for dtype in DTYPES:
        cases.add(dtype, volume("oblique", dtype), {}, 5e-6)


def shift() -> None:
    cases = TransformCases(ShiftIntensity)
    for offset in (10, -0.1, 1e-3, 1e7):
        cases.add(f"{offset}", volume(), {"offset": offset})
    cases.add("nan", NAN, {"offset": 1})
    cases.add("channels", channels(), {"offset": -1024.5})
    cases.add("float64", volume("oblique", "float64"), {"offset": 0.3}, 1e-4)


def threshold() -> None:
    cases = TransformCases(ThresholdIntensity)
    cases.add("above", volume(), {"threshold": 100})
    cases.add("below", volume("sheared"), {"threshold": 100.1, "above": False})
    cases.add("value", volume(), {"threshold": 0.1, "cval": -1.7})
    cases.add("nan", NAN, {"threshold": 50, "cval": 3})
    cases.add("constant", CONSTANT, {"threshold": 37.5, "cval": 1})
    cases.add("channels", channels(), {"threshold": 5.0, "above": False, "cval": 9})


def contrast() -> None:
    cases = TransformCases(AdjustContrast)
    # Powers are rounded to float32 here; torch's own are off by a last bit now and then.
    for gamma in (0.5, 0.7, 1, 1.5, 2, 2.2, 3, 4.5):
        cases.add(f"gamma-{gamma}", volume(), {"gamma": gamma}, 3e-4)
    cases.add("invert", volume("sheared"), {"gamma": 1.5, "invert_image": True}, 3e-4)
    cases.add("retain-stats", volume(), {"gamma": 2.5, "retain_stats": True}, 2e-3)
    cases.add("invert-retain", channels(), {"gamma": 0.6, "invert_image": True, "retain_stats": True}, 2e-3)
    cases.add("constant", CONSTANT, {"gamma": 2}, 1e-5)
    cases.add("zero", ZERO, {"gamma": 0.4})
    cases.add("channels", channels(), {"gamma": 1.3}, 3e-4)


FOLDERS = {
    "ShiftIntensity": shift,
    "ThresholdIntensity": threshold,
    "AdjustContrast": contrast,
    "ScaleIntensity": scale_intensity,
    "ScaleIntensityRange": scale_intensity_range,
    "ScaleIntensityRangePercentiles": percentiles,
    "NormalizeIntensity": normalize,
}
