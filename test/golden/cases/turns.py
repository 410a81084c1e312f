"""Flip, Rotate90, Transpose, SqueezeDim: axes turned, swapped and dropped."""

from monai.transforms import Flip, Rotate90, SqueezeDim, Transpose

from volumes import AFFINES, make
from writer import TransformCases


def volume(kind: str = "oblique", dtype: str = "float32", **shape):
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


def flip() -> None:
    cases = TransformCases(Flip)
    for kind in ("identity", "permuted", "left-handed", "sheared", "very-oblique"):
        cases.add(f"{kind}-all", volume(kind), {})
        for axis in (0, 1, 2, -1):
            cases.add(f"{kind}-axis-{axis}", volume(kind), {"spatial_axis": axis})
    cases.add("two-axes", volume("oblique", channels=3), {"spatial_axis": [0, 2]})
    cases.add("one-slice", volume("permuted", sizes=(10, 9, 1)), {"spatial_axis": 2})
    for dtype in ("uint8", "int16", "float64"):
        cases.add(dtype, volume("oblique", dtype), {"spatial_axis": [1]})
    cases.add("no-such-axis", volume(), {"spatial_axis": 3}, raises=True)


def rotate90() -> None:
    cases = TransformCases(Rotate90)
    for k in (0, 1, 2, 3, 4, -1, 7):
        cases.add(f"k-{k}", volume(), {"k": k})
    for axes in ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1), (-1, -2)):
        for k in (1, 3):
            cases.add(f"axes{axes[0]}{axes[1]}-k-{k}", volume("sheared"), {"k": k, "spatial_axes": list(axes)})
    for kind in ("flipped", "permuted-left-handed", "anisotropic"):
        cases.add(kind, volume(kind, channels=2), {"k": 1, "spatial_axes": [1, 2]})
    for dtype in ("uint8", "float64"):
        cases.add(dtype, volume("oblique", dtype), {})


def transpose() -> None:
    cases = TransformCases(Transpose)
    for indices in ([0, 1, 2, 3], [0, 2, 1, 3], [0, 3, 1, 2], [0, 3, 2, 1]):
        cases.add("".join(map(str, indices)), volume("oblique", channels=2), {"indices": indices})
    cases.add("uint8", volume("permuted", "uint8"), {"indices": [0, 2, 3, 1]})


def squeeze() -> None:
    cases = TransformCases(SqueezeDim)
    cases.add("last", volume("oblique", sizes=(10, 9, 1)), {"dim": -1})
    cases.add("middle", volume("sheared", sizes=(10, 1, 7)), {"dim": 2})
    cases.add("first", volume("permuted", sizes=(1, 9, 7)), {"dim": 1})
    cases.add("without-affine", volume("oblique", sizes=(10, 9, 1), channels=3), {"dim": 3, "update_meta": False})
    cases.add("not-one", volume(), {"dim": 3}, raises=True)


FOLDERS = {"Flip": flip, "Rotate90": rotate90, "Transpose": transpose, "SqueezeDim": squeeze}
