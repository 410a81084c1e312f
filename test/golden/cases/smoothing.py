"""GaussianSmooth, MedianSmooth."""

import numpy as np
import torch
from monai.transforms import GaussianSmooth, MedianSmooth

from volumes import AFFINES, make, texture
from writer import TransformCases

# Of one channel oneDNN rounds each product before it adds it; of several on more than one thread it does not.
SUMS = 0


def volume(kind: str = "oblique", dtype: str = "float32", **shape):
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


def special(name: str, change) -> tuple:
    data = texture(name).astype(np.float32)
    return (name, change(data).astype(np.float32), AFFINES["oblique"])


def with_infinity(data):
    data[0, 3, 4, 5] = np.nan
    data[0, 8, 8, 1] = np.inf
    return data


def gaussian() -> None:
    cases = TransformCases(GaussianSmooth)
    for sigma in (0.1, 0.5, 1.0, 2.5, 6.0):
        cases.add(f"sigma-{sigma}", volume(), {"sigma": sigma}, SUMS)
    torch.set_num_threads(2)
    cases.add("default", volume("sheared", channels=3), {}, SUMS)
    torch.set_num_threads(1)
    cases.add("per-axis", volume("permuted"), {"sigma": [0.5, 1.5, 0.0]}, SUMS)
    cases.add("nothing", volume(), {"sigma": 0.0})
    cases.add("sampled", volume(), {"sigma": [1.0, 0.7, 2.0], "approx": "sampled"}, SUMS)
    cases.add("one-slice", volume("oblique", sizes=(10, 9, 1)), {"sigma": 1.2}, SUMS)
    cases.add("constant", special("constant", lambda data: np.full_like(data, 37.5)), {"sigma": 1.0}, SUMS)
    cases.add("zero", special("zero", np.zeros_like), {"sigma": 1.0})
    for dtype in ("uint8", "int16", "float64"):
        cases.add(dtype, volume("oblique", dtype), {"sigma": 0.8}, SUMS)


def median() -> None:
    cases = TransformCases(MedianSmooth)
    for radius in (0, 1, 2, [1, 0, 2]):
        cases.add(f"radius-{radius}".replace(", ", "-").strip("[]").replace("[", ""), volume(), {"radius": radius})
    cases.add("channels", volume("sheared", channels=3), {})
    cases.add("not-finite", special("not-finite", with_infinity), {})
    cases.add("one-slice", volume("oblique", sizes=(10, 9, 1)), {"radius": 1})
    for dtype in ("uint8", "int16", "float64"):
        cases.add(dtype, volume("oblique", dtype), {"radius": 1}, 1e-4 if dtype == "float64" else 0)


FOLDERS = {"GaussianSmooth": gaussian, "MedianSmooth": median}
