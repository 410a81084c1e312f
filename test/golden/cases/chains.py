"""What a bundle does around its network: transforms, then post-processing with Invert undoing them."""

import monai.transforms
import numpy as np
import torch
from monai.data import MetaTensor
from monai.transforms import Compose

from volumes import AFFINES, make, smooth_scores, texture
from writer import Writer, tensor

RAS = ("Orientation", {"axcodes": "RAS"})
COARSER = ("Spacing", {"pixdim": [1.9, 1.6, 2.6], "mode": "bilinear"})
SOFTMAX = ("Activations", {"softmax": True})
ARGMAX = ("AsDiscrete", {"argmax": True})
INVERT = ("Invert", {"nearest_interp": False})
INVERT_NEAREST = ("Invert", {"nearest_interp": True})
TO_LABELS = [SOFTMAX, INVERT, ARGMAX]
FLOATS = 2e-6
KINDS = ("axis-aligned", "flipped", "left-handed", "permuted", "permuted-left-handed", "oblique", "oblique-flipped",
         "very-oblique", "sheared", "anisotropic", "nearly-isotropic")


def dictionary(step: tuple[str, dict], key: str):
    return getattr(monai.transforms, f"{step[0]}d")(keys=key, **step[1])


class Chains:
    def __init__(self) -> None:
        self.writer = Writer("Chain")

    def add(self, case: str, source: tuple, pre: list, post: list, classes: int = 3, tolerance: float = 0,
            scale: float = 1) -> None:
        name, data, affine = source
        before = Compose([dictionary(step, "image") for step in pre])
        item = before({"image": tensor(data, affine)})
        image = item["image"]
        prediction = smooth_scores(f"chain-{case}", image.shape[1:], classes) * np.float32(scale)
        # Invertd passes over a bare tensor; in MONAI's evaluator the answer is a MetaTensor, as the input is.
        item["pred"] = MetaTensor(torch.from_numpy(prediction))
        steps = []
        for step in post:
            if step[0] == "Invert":
                steps.append(monai.transforms.Invertd(keys="pred", transform=before, orig_keys="image", **step[1]))
            else:
                steps.append(dictionary(step, "pred"))
        answer = Compose(steps)(item)["pred"]
        self.writer.case(case, {
            "pre": [{"transform": t, "args": a} for t, a in pre],
            "input": self.writer.input(name, data, affine),
            "preprocessed": self.writer.output(case, image, suffix="-preprocessed"),
            "preprocessedTolerance": 5e-4,
            "prediction": self.writer.output(case, prediction, image.affine, suffix="-prediction"),
            "post": [{"transform": t, "args": a} for t, a in post],
            "output": self.writer.output(case, answer, getattr(answer, "affine", affine)),
            "tolerance": tolerance,
            "mayDiffer": 0,
        })


def volume(kind: str, dtype: str = "float32", **shape) -> tuple:
    name = "-".join([kind, dtype, *[f"{v}".replace(", ", "x").strip("()") for v in shape.values()]])
    return (name, *make(name, kind, dtype, **shape))


def ball(kind: str) -> tuple:
    """Positive in a ball off the centre, zero elsewhere: for CropForeground."""
    name = f"ball-{kind}"
    data = texture(name)
    return (name, ((data > 400) * data).astype("float32"), AFFINES[kind])


def chain() -> None:
    chains = Chains()
    for kind in KINDS:
        chains.add(f"spacing-{kind}", volume(kind), [RAS, COARSER], TO_LABELS)
        chains.add(f"spacing-{kind}-nearest", volume(kind), [RAS, COARSER], [SOFTMAX, INVERT_NEAREST, ARGMAX])
        resized = ("Resize", {"spatial_size": [5, 6, 8], "mode": "trilinear"})
        chains.add(f"resize-{kind}", volume(kind), [RAS, resized], [INVERT, ARGMAX], classes=2)
    chains.add("probabilities", volume("oblique"), [RAS, COARSER], [SOFTMAX, INVERT], tolerance=FLOATS)
    chains.add("probabilities-flipped", volume("flipped"), [RAS, COARSER], [SOFTMAX, INVERT], tolerance=FLOATS)
    chains.add("no-softmax", volume("oblique"), [RAS, COARSER], [INVERT, ARGMAX])
    chains.add("two-classes", volume("oblique"), [RAS, COARSER], TO_LABELS, classes=2)
    chains.add("eight-classes", volume("oblique"), [RAS, COARSER], TO_LABELS, classes=8)
    chains.add("only-orientation", volume("permuted"), [("Orientation", {"axcodes": "LPS"})], TO_LABELS)
    chains.add("only-spacing", volume("oblique-flipped"), [COARSER], TO_LABELS)
    chains.add("nothing-to-undo", volume("oblique"), [("ScaleIntensity", {})], TO_LABELS)
    chains.add("spacing-then-orientation", volume("permuted"), [COARSER, RAS], TO_LABELS)
    chains.add("finer", volume("oblique"), [RAS, ("Spacing", {"pixdim": [0.8, 0.9, 1.1]})], TO_LABELS)
    chains.add("much-coarser", volume("axis-aligned", sizes=(16, 16, 12)), [RAS, ("Spacing", {"pixdim": 5.0})], TO_LABELS)
    chains.add("one-slice", volume("oblique", sizes=(10, 9, 1)), [RAS, COARSER], TO_LABELS)
    chains.add("multi-channel", volume("oblique", channels=3), [RAS, COARSER], TO_LABELS, classes=4)
    for dtype in ("uint8", "int16", "float64"):
        chains.add(dtype, volume("oblique", dtype), [RAS, COARSER], TO_LABELS)
    intensity = [("ScaleIntensityRangePercentiles", {"lower": 1, "upper": 99, "b_min": 0, "b_max": 1, "clip": True}),
                 ("NormalizeIntensity", {"nonzero": True})]
    chains.add("with-intensities", volume("sheared"), [RAS, COARSER, *intensity], TO_LABELS)
    diagonal = ("Spacing", {"pixdim": [2, 2, 2], "diagonal": True})
    chains.add("diagonal", volume("oblique"), [RAS, diagonal], TO_LABELS)
    zeros = ("Spacing", {"pixdim": [2, 1.4, 2], "padding_mode": "zeros"})
    chains.add("zeros-beyond-the-edge", volume("very-oblique"), [RAS, zeros], TO_LABELS)
    nearest = ("Spacing", {"pixdim": [2, 1.4, 2], "mode": "nearest"})
    chains.add("nearest-in-linear-out", volume("oblique"), [RAS, nearest], TO_LABELS)
    extent = ("Spacing", {"pixdim": [2, 1.4, 2], "scale_extent": True})
    chains.add("scale-extent", volume("oblique"), [RAS, extent], TO_LABELS)
    crops(chains)
    orders(chains)
    turns(chains)


def crops(chains: Chains) -> None:
    crop = ("CropForeground", {"source_key": "image", "margin": 1})
    pad = ("SpatialPad", {"spatial_size": [12, 12, 12]})
    divisible = ("DivisiblePad", {"k": 4})
    for kind in ("oblique", "permuted-left-handed"):
        chains.add(f"crop-{kind}", ball(kind), [RAS, crop], TO_LABELS)
        chains.add(f"spacing-crop-{kind}", ball(kind), [RAS, COARSER, crop], TO_LABELS)
        chains.add(f"crop-spacing-pad-{kind}", ball(kind), [RAS, crop, COARSER, pad], TO_LABELS)
        chains.add(f"spacing-divisible-{kind}", volume(kind), [RAS, COARSER, divisible], TO_LABELS)
    wide = ("CropForeground", {"source_key": "image", "margin": 5, "k_divisible": 4})
    chains.add("crop-beyond-the-image", ball("oblique"), [RAS, wide], TO_LABELS)
    small = ("CropForeground", {"source_key": "image", "margin": 5, "allow_smaller": True})
    chains.add("crop-allow-smaller", ball("oblique"), [RAS, small], TO_LABELS)
    centre = ("CenterSpatialCrop", {"roi_size": [5, 6, 4]})
    chains.add("centre", volume("oblique"), [RAS, centre], TO_LABELS)
    chains.add("spacing-centre-resize", volume("sheared"),
               [RAS, COARSER, ("CenterSpatialCrop", {"roi_size": [4, 6, 4]}), ("Resize", {"spatial_size": [6, 6, 6]})],
               TO_LABELS)
    for mode in ("area", "nearest", "trilinear"):
        resized = ("Resize", {"spatial_size": [6, 12, 5], "mode": mode})
        chains.add(f"resize-{mode}-inverse", volume("oblique-flipped"), [RAS, resized], TO_LABELS)
        chains.add(f"resize-{mode}-nearest", volume("oblique-flipped"), [RAS, resized], [INVERT_NEAREST, ARGMAX])
    longest = ("Resize", {"spatial_size": 6, "size_mode": "longest", "mode": "trilinear"})
    chains.add("resize-longest", volume("oblique"), [RAS, longest], TO_LABELS)


def orders(chains: Chains) -> None:
    """Discretising before, after and around the inversion, as bundles do."""
    pre = [RAS, COARSER]
    chains.add("argmax-then-nearest", volume("oblique"), pre, [SOFTMAX, ARGMAX, INVERT_NEAREST])
    chains.add("argmax-then-linear", volume("oblique"), pre, [ARGMAX, INVERT], tolerance=FLOATS)
    # Leads of a ten millionth: rounding makes many of the probabilities equal.
    chains.add("near-ties", volume("oblique"), pre, [SOFTMAX, ARGMAX, INVERT_NEAREST], classes=5, scale=1e-8)
    chains.add("near-ties-inverted", volume("oblique"), pre, TO_LABELS, classes=5, scale=1e-8)
    # Middles meet, so an old voxel lies half-way between two new ones.
    middle = [RAS, ("Spacing", {"pixdim": [1.5, 1.5, 1.5]})]
    for sizes in ((18, 14, 12), (16, 10, 16), (14, 12, 8), (12, 16, 6)):
        name = "half-way-" + "x".join(map(str, sizes))
        chains.add(name, volume("oblique-file", sizes=sizes), middle, [SOFTMAX, ARGMAX, INVERT_NEAREST], classes=6)
    threshold = ("AsDiscrete", {"threshold": 0.5})
    chains.add("sigmoid-threshold", volume("oblique"), pre, [("Activations", {"sigmoid": True}), INVERT, threshold])
    largest = ("KeepLargestConnectedComponent", {"applied_labels": [1, 2]})
    chains.add("largest-after", volume("flipped"), pre, [*TO_LABELS, largest])
    chains.add("largest-before", volume("flipped"), pre, [SOFTMAX, ARGMAX, largest, INVERT_NEAREST])
    chains.add("largest-and-holes", volume("permuted"), pre,
               [*TO_LABELS, ("KeepLargestConnectedComponent", {"applied_labels": [1]}), ("FillHoles", {"applied_labels": [1]})],
               classes=2)
    hot = ("AsDiscrete", {"argmax": True, "to_onehot": 3})
    chains.add("one-hot-after", volume("oblique"), pre, [SOFTMAX, INVERT, hot])


def turns(chains: Chains) -> None:
    """Everything else that Invert can undo, alone and around a resampling."""
    steps = {
        "flip": ("Flip", {"spatial_axis": [0, 2]}),
        "flip-all": ("Flip", {}),
        "rotate90": ("Rotate90", {"k": 1, "spatial_axes": [0, 2]}),
        "rotate270": ("Rotate90", {"k": 3, "spatial_axes": [2, 1]}),
        "transpose": ("Transpose", {"indices": [0, 3, 1, 2]}),
        "border-pad": ("BorderPad", {"spatial_border": [1, 0, 3, 2, 0, 4], "mode": "minimum"}),
        "spatial-crop": ("SpatialCrop", {"roi_start": [1, 2, 0], "roi_end": [6, 9, 5]}),
        "pad-or-crop": ("ResizeWithPadOrCrop", {"spatial_size": [6, 14, 7]}),
        "zoom": ("Zoom", {"zoom": [0.8, 1.3, 0.7], "mode": "trilinear"}),
        "zoom-free": ("Zoom", {"zoom": 1.3, "mode": "trilinear", "keep_size": False}),
        "zoom-area": ("Zoom", {"zoom": 0.7}),
        "zoom-corners": ("Zoom", {"zoom": 1.3, "mode": "trilinear", "align_corners": True}),
    }
    for name, step in steps.items():
        chains.add(f"{name}-linear", volume("oblique-flipped"), [RAS, step], TO_LABELS)
        if name != "zoom-corners":  # nearest drops align_corners, and MONAI's affine does not come back
            chains.add(f"{name}-nearest", volume("sheared"), [step, RAS], [SOFTMAX, INVERT_NEAREST, ARGMAX])
        if name != "transpose":  # leaves an affine that is another image's
            chains.add(f"spacing-{name}", volume("permuted-left-handed"), [RAS, COARSER, step], TO_LABELS)
            chains.add(f"{name}-spacing", volume("oblique"), [step, COARSER], TO_LABELS, classes=2)
    corners = ("Resize", {"spatial_size": [7, 6, 9], "mode": "trilinear", "align_corners": True})
    chains.add("resize-corners", volume("oblique"), [RAS, corners], TO_LABELS)


FOLDERS = {"Chain": chain}
