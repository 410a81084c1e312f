"""Orientation, Spacing, Resize, Zoom."""

import numpy as np
import torch
from monai.transforms import Orientation, Resize, Spacing, SpatialResample, Zoom

from volumes import AFFINES, make, noise_labels
from writer import TransformCases

# Trilinear in float64, then rounded to float32: a last bit of numbers up to 1500.
LINEAR = 2e-4


def volume(kind: str, dtype: str = "float32", **shape):
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


def label_volume(kind: str):
    return (f"noise-labels-{kind}", noise_labels(kind), AFFINES[kind])


def orientation() -> None:
    cases = TransformCases(Orientation)
    for kind in AFFINES:
        cases.add(f"{kind}-to-RAS", volume(kind), {"axcodes": "RAS"})
    for axcodes in ("LPS", "LAS", "PIR", "SRA", "IPL"):
        cases.add(f"oblique-flipped-to-{axcodes}", volume("oblique-flipped"), {"axcodes": axcodes})
    for dtype in ("uint8", "int16", "float64"):
        cases.add(f"permuted-{dtype}-to-RAS", volume("permuted", dtype), {"axcodes": "RAS"})
    cases.add("multi-channel-to-LPI", volume("permuted", channels=3), {"axcodes": "LPI"})
    cases.add("one-slice-to-RAS", volume("permuted", sizes=(10, 9, 1)), {"axcodes": "RAS"})
    cases.add("one-voxel-to-PSL", volume("flipped", sizes=(1, 1, 1)), {"axcodes": "PSL"})
    cases.add("closest-canonical", volume("permuted-left-handed"), {"as_closest_canonical": True})
    labels = [["L", "R"], ["P", "A"], ["I", "S"]]
    cases.add("with-labels", volume("sheared"), {"axcodes": "LPS", "labels": labels})


def spacing() -> None:
    cases = TransformCases(Spacing)
    for kind in AFFINES:
        cases.add(f"{kind}-to-1.5", volume(kind), {"pixdim": [1.5, 1.5, 1.5]}, LINEAR)
        nearest = {"pixdim": [1.3, 0.8, 2.0], "mode": "nearest"}
        cases.add(f"{kind}-nearest", label_volume(kind), nearest)
    for dtype in ("uint8", "int16", "float64"):
        cases.add(f"oblique-{dtype}", volume("oblique", dtype), {"pixdim": [2, 2, 2]}, LINEAR)
    cases.add("one-number", volume("axis-aligned"), {"pixdim": 2.0}, LINEAR)
    cases.add("one-number-in-a-list", volume("axis-aligned"), {"pixdim": [2.0]}, LINEAR)
    cases.add("two-numbers", volume("axis-aligned"), {"pixdim": [2.0, 0.9]}, LINEAR)
    cases.add("keep-an-axis", volume("anisotropic"), {"pixdim": [1, 1, -1]}, LINEAR)
    cases.add("finer", volume("oblique"), {"pixdim": [0.6, 0.9, 1.2]}, LINEAR)
    cases.add("coarser-than-the-image", volume("axis-aligned"), {"pixdim": [40, 40, 40]}, LINEAR)
    cases.add("same-as-before", volume("integer-ratio"), {"pixdim": [1, 1, 2]})
    cases.add("nearly-the-same", volume("nearly-isotropic"), {"pixdim": [1, 1, 1]}, LINEAR)
    cases.add("round-half-down", volume("integer-ratio", sizes=(4, 8, 6)), {"pixdim": [2, 2, 4]}, LINEAR)
    cases.add("multi-channel", volume("oblique", channels=3), {"pixdim": [1.4, 1.4, 3]}, LINEAR)
    cases.add("one-slice", volume("oblique", sizes=(10, 9, 1)), {"pixdim": [1, 1, 1]}, LINEAR)
    cases.add("one-voxel", volume("axis-aligned", sizes=(1, 1, 1)), {"pixdim": [1, 1, 1]}, LINEAR)
    diagonal = {"pixdim": [1.5, 1.5, 1.5], "diagonal": True}
    cases.add("diagonal", volume("oblique"), diagonal, LINEAR)
    cases.add("diagonal-flipped", volume("flipped"), diagonal, LINEAR)
    for kind in ("oblique", "axis-aligned"):
        args = {"pixdim": [1.3, 1.3, 1.3], "padding_mode": "zeros"}
        cases.add(f"{kind}-zeros", volume(kind), args, LINEAR)
        args = {"pixdim": [1.3, 1.3, 1.3], "scale_extent": True}
        cases.add(f"{kind}-scale-extent", volume(kind), args, LINEAR)
        args = {"pixdim": [1.3, 1.7, 1.3], "recompute_affine": True}
        cases.add(f"{kind}-recompute-affine", volume(kind), args, LINEAR)
    args = {"pixdim": [1, 1, 1], "mode": "nearest", "padding_mode": "zeros"}
    cases.add("sheared-nearest-zeros", label_volume("sheared"), args)
    for ratio in (0.5, 2.0, 4.0, 1.5):
        args = {"pixdim": [ratio, ratio, ratio], "mode": "nearest"}
        cases.add(f"nearest-ties-{ratio}", label_volume("integer-ratio"), args)
    args = {"pixdim": [2, 2, 2], "min_pixdim": [1.0, 1.0, 1.0], "max_pixdim": [2.5, 2.5, 2.5]}
    cases.add("pixdim-in-range", volume("anisotropic"), args, LINEAR)


def resize() -> None:
    cases = TransformCases(Resize)
    ball = volume("oblique")
    targets = {"smaller": [5, 6, 4], "larger": [14, 20, 11], "mixed": [18, 5, 7], "same": [9, 11, 7], "one": [1, 1, 1]}
    for mode in ("area", "trilinear", "nearest", "nearest-exact", "bilinear"):
        for what, size in targets.items():
            if mode == "bilinear":
                continue
            source = label_volume("oblique") if mode.startswith("nearest") else ball
            args = {"spatial_size": size, "mode": mode}
            cases.add(f"{mode}-{what}", source, args, 0 if mode.startswith("nearest") else LINEAR)
    cases.add("default-mode", ball, {"spatial_size": [6, 6, 6]}, LINEAR)
    cases.add("keep-an-axis", ball, {"spatial_size": [6, -1, 10], "mode": "trilinear"}, LINEAR)
    cases.add("align-corners", ball, {"spatial_size": [6, 15, 4], "mode": "trilinear", "align_corners": True}, LINEAR)
    args = {"spatial_size": 8, "size_mode": "longest", "mode": "trilinear"}
    cases.add("longest", ball, args, LINEAR)
    cases.add("one-slice", volume("oblique", sizes=(10, 9, 1)), {"spatial_size": [8, 8, 4], "mode": "trilinear"}, LINEAR)
    cases.add("multi-channel", volume("oblique", channels=3), {"spatial_size": [6, 8, 9], "mode": "trilinear"}, LINEAR)
    for dtype in ("uint8", "int16", "float64"):
        args = {"spatial_size": [6, 14, 5], "mode": "trilinear"}
        cases.add(f"trilinear-{dtype}", volume("oblique", dtype), args, LINEAR)
    smooth = {"mode": "trilinear", "anti_aliasing": True}
    cases.add("anti-aliasing", ball, {"spatial_size": [5, 6, 4], **smooth}, LINEAR)
    cases.add("anti-aliasing-mixed", ball, {"spatial_size": [18, 5, 7], **smooth}, LINEAR)
    cases.add("anti-aliasing-larger", ball, {"spatial_size": [18, 15, 9], **smooth}, LINEAR)
    cases.add("anti-aliasing-area", ball, {"spatial_size": [4, 4, 4], "anti_aliasing": True}, LINEAR)
    cases.add("anti-aliasing-sigma", ball, {"spatial_size": [5, 20, 4], "anti_aliasing_sigma": [1, 2, 0.4], **smooth}, LINEAR)
    cases.add("anti-aliasing-one-sigma", ball, {"spatial_size": [5, 6, 4], "anti_aliasing_sigma": 0.8, **smooth}, LINEAR)
    torch.set_num_threads(2)  # as in smoothing.py
    cases.add("anti-aliasing-channels", volume("oblique", channels=3), {"spatial_size": [5, 6, 4], **smooth}, LINEAR)
    torch.set_num_threads(1)
    flat = flat_volume()
    for size in ([6, 6], [20, 30], [9, 25], [5, 11], [1, 1]):
        for mode in ("bicubic", "bilinear", "area", "nearest", "nearest-exact"):
            args = {"spatial_size": size, "mode": mode}
            cases.add(f"flat-{mode}-{size[0]}-{size[1]}", flat, args, 0 if mode.startswith("nearest") else LINEAR)
    args = {"spatial_size": [17, 6], "mode": "bicubic", "align_corners": True}
    cases.add("flat-bicubic-align-corners", flat, args, LINEAR)
    cases.add("flat-anti-aliasing", flat, {"spatial_size": [4, 20], "mode": "bilinear", "anti_aliasing": True}, LINEAR)
    flipped = volume("oblique-flipped")
    cases.add("affine-of-flipped", flipped, {"spatial_size": [4, 22, 9], "mode": "trilinear"}, LINEAR)


def flat_volume() -> tuple:
    name, data, affine = volume("axis-aligned", channels=3)
    return ("flat-channels", np.ascontiguousarray(data[..., 3]), affine)


def zoom() -> None:
    cases = TransformCases(Zoom)
    ball = volume("oblique")
    for factor in (0.5, 0.77, 1.0, 1.3, 2.0):
        for keep in (True, False):
            args = {"zoom": factor, "keep_size": keep, "mode": "trilinear"}
            cases.add(f"{factor}-{'kept' if keep else 'free'}", ball, args, LINEAR)
    cases.add("default", ball, {"zoom": 1.2}, LINEAR)
    cases.add("per-axis", volume("sheared", channels=2), {"zoom": [0.6, 1.5, 1.0], "mode": "trilinear"}, LINEAR)
    for mode in ("nearest", "nearest-exact"):
        cases.add(mode, label_volume("permuted"), {"zoom": [1.4, 0.7, 0.9], "mode": mode})
    args = {"zoom": 0.7, "mode": "trilinear", "align_corners": True}
    cases.add("align-corners", ball, args, LINEAR)
    for mode in ("constant", "reflect", "minimum"):
        args = {"zoom": [0.8, 0.9, 0.8], "mode": "trilinear", "padding_mode": mode}
        cases.add(f"padding-{mode}", ball, args, LINEAR)
    cases.add("flat-bicubic", flat_volume(), {"zoom": [1.5, 0.8], "mode": "bicubic"}, LINEAR)
    cases.add("uint8", volume("oblique", "uint8"), {"zoom": 1.5, "mode": "trilinear"}, LINEAR)


def spatial_resample() -> None:
    cases = TransformCases(SpatialResample)
    cases.add("no-target", volume("oblique"), {})


FOLDERS = {"Zoom": zoom, "SpatialResample": spatial_resample, "Orientation": orientation, "Spacing": spacing, "Resize": resize}
