"""Whole bundles: MONAI's ConfigParser on a configuration, its transforms on files, around a given answer of the network.

Named cases are what differed once; the others are drawn by a seed from the catalog, so that transforms meet each other.
"""

import tempfile
from pathlib import Path

import nibabel
import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.data import MetaTensor, decollate_batch, list_data_collate

from volumes import AFFINES, generator, smooth_scores, texture
from writer import Writer

KINDS = ("identity", "axis-aligned", "flipped", "left-handed", "permuted", "oblique", "oblique-flipped", "very-oblique",
         "sheared", "anisotropic", "oblique-file")
DRAWN = 44
SOFTMAX, ARGMAX = ("Activationsd", {"softmax": True}), ("AsDiscreted", {"argmax": True})
LOAD = [("LoadImaged", {}), ("EnsureChannelFirstd", {})]
RAS = ("Orientationd", {"axcodes": "RAS"})
NORMAL = ("NormalizeIntensityd", {"nonzero": True, "channel_wise": True})


def on(key, steps: list) -> list:
    return [{"_target_": name, "keys": args.get("keys", key), **args} for name, args in steps]


def invert(**args) -> tuple:
    return ("Invertd", {"transform": "@preprocessing", "orig_keys": "image", "nearest_interp": False, **args})


class Pipelines:
    def __init__(self) -> None:
        self.writer = Writer("Pipeline")

    def add(self, case: str, kind: str, pre: list, post: list, *, keys=("image",), dtype="int16", sizes=(9, 11, 7),
            channels=1, classes=3, change=None, may_raise=False) -> bool:
        config = {
            "preprocessing": {"_target_": "Compose", "transforms": on(list(keys), pre)},
            "dataset": {"_target_": "Dataset", "data": [], "transform": "@preprocessing"},
            "inferer": {"_target_": "SimpleInferer"},
            "postprocessing": {"_target_": "Compose", "transforms": on("pred", post)},
        }
        parser = ConfigParser(config)
        before, after = parser.get_parsed_content("preprocessing"), parser.get_parsed_content("postprocessing")
        inputs, item = {}, {}
        with tempfile.TemporaryDirectory() as folder:
            for key in keys:
                data = texture(f"{case}-{key}", sizes, channels)
                data = change(data) if change else data
                if dtype == "uint8":
                    data = np.clip(data / 4 + 60, 0, 255)
                data = (data if dtype.startswith("float") else np.rint(data)).astype(dtype)
                file = Path(folder) / f"{key}.nii"
                moved = np.moveaxis(data, 0, -1)
                nibabel.save(nibabel.Nifti1Image(moved[..., 0] if channels == 1 else moved, AFFINES[kind]), file)
                inputs[key] = self.writer.input(f"pipeline-{case}-{key}", data, nibabel.load(file).affine)
                item[key] = str(file)
            try:
                item = before(item)
                image = item["image"]
                answer = smooth_scores(f"pipeline-{case}", image.shape[1:], classes)
                batch = list_data_collate([item])
                # A network's answer is a MetaTensor with what its input has, and none where that is none.
                pred = torch.from_numpy(answer)[None]
                batch["pred"] = torch.zeros_like(batch["image"][:, :1]) + pred if isinstance(image, MetaTensor) else pred
                done = after(decollate_batch(batch)[0])["pred"]
            except Exception:
                if may_raise:
                    return False
                raise
        self.writer.case(case, {
            "config": config,
            "inputs": inputs,
            "channels": int(image.shape[0]),
            "preprocessed": self.writer.output(case, image, getattr(image, "affine", np.eye(4)), "-preprocessed"),
            "prediction": self.writer.output(case, answer, np.eye(4), suffix="-prediction"),
            "output": self.writer.output(case, done, getattr(done, "affine", np.eye(4))),
        })
        return True


def not_finite(data: np.ndarray) -> np.ndarray:
    data[:, 4, 5, 3] = np.inf
    return data


def named(pipelines: Pipelines) -> None:
    add = pipelines.add
    labels = [SOFTMAX, invert(), ARGMAX]
    for mode in ("mean", "median", "linear_ramp"):
        pad = ("SpatialPadd", {"spatial_size": [14, 13, 12], "mode": mode})
        add(f"integers-padded-{mode}", "flipped", [*LOAD, RAS, pad], labels)
        add(f"integers-kept-padded-{mode}", "flipped", [("LoadImaged", {"dtype": "$None"}), LOAD[1], pad], labels, dtype="uint8")
    add("zoom-padded-median", "axis-aligned", [*LOAD, ("Zoomd", {"zoom": 0.7, "mode": "trilinear", "padding_mode": "median"})], labels)
    add("infinite-normalised", "permuted", [*LOAD, ("NormalizeIntensityd", {})], labels, dtype="float32", change=not_finite)
    add("shifted-integers", "identity", [("LoadImaged", {"dtype": "$np.int16"}), LOAD[1], ("ShiftIntensityd", {"offset": 10.75})], labels)
    add("resized-integers-shifted", "identity", [("LoadImaged", {"dtype": "$np.int16"}), LOAD[1],
        ("Resized", {"spatial_size": [8, 8, 8], "mode": "nearest"}), ("ShiftIntensityd", {"offset": 10.75})], labels)
    for name, args in {"track-meta": {"track_meta": False}, "numpy": {"data_type": "numpy"}}.items():
        add(f"place-lost-{name}", "oblique", [*LOAD, RAS, ("EnsureTyped", args)], [SOFTMAX, ARGMAX])
    add("place-lost-after", "oblique", [*LOAD, RAS], [*labels, ("EnsureTyped", {"data_type": "numpy"})])
    for corners in (True, False):
        spacing = ("Spacingd", {"pixdim": [1.6, 1.3, 2.2], "align_corners": corners})
        add(f"spacing-align-corners-{corners}".lower(), "oblique", [*LOAD, RAS, spacing], labels)
    resized = ("Resized", {"spatial_size": [12, 9, 10], "mode": "trilinear", "align_corners": True})
    for order, steps in {"first": [resized, RAS], "last": [RAS, ("Spacingd", {"pixdim": [1.5, 1.4, 2]}), resized]}.items():
        add(f"corners-one-way-{order}", "permuted", [*LOAD, *steps], [SOFTMAX, invert(nearest_interp=True), ARGMAX])
    for select in ("x > -50", "x < 100", "x != 0", "x >= x.mean()"):
        crop = ("CropForegroundd", {"source_key": "image", "select_fn": f"$lambda x: {select}", "margin": 1})
        add(f"foreground-{len(pipelines.writer.names)}", "axis-aligned", [*LOAD, crop, NORMAL], labels)
    for args in ({"applied_labels": 0}, {"applied_labels": []}, {"applied_labels": [0]}, {"applied_labels": [1]}):
        add(f"holes-{len(pipelines.writer.names)}", "identity", LOAD, [ARGMAX, ("FillHolesd", args)], classes=2)
    small = ("RemoveSmallObjectsd", {"min_size": 12})
    spacing = ("Spacingd", {"pixdim": [2, 2, 2]})
    add("fractions-removed", "axis-aligned", [*LOAD, spacing], [SOFTMAX, ARGMAX, invert(), small], classes=2)
    add("fractions-of-several-removed", "axis-aligned", [*LOAD, spacing], [SOFTMAX, ARGMAX, invert(), small], classes=4)
    three = ("t1", "t2", "flair")
    joined = ("ConcatItemsd", {"keys": list(three), "name": "image"})
    around = ("SpatialPadd", {"keys": "image", "spatial_size": [14, 14, 14]})
    for orig in ("image", "t1"):
        for more in ([], [around]):
            add(f"joined-{orig}-{len(more)}", "oblique", [*LOAD, RAS, spacing, joined, *more, ("NormalizeIntensityd", {"keys": "image"})],
                [SOFTMAX, invert(orig_keys=orig), ARGMAX], keys=three)
    add("invert-unnamed", "oblique", [*LOAD, RAS, spacing], [SOFTMAX, invert(orig_keys=None), ARGMAX])
    add("copied", "oblique", [*LOAD, ("CopyItemsd", {"keys": "mr", "times": 1, "names": "image"}), ("Orientationd", {"keys": "image", "axcodes": "LPS"})],
        labels, keys=("mr",))
    add("repeated-and-printed", "oblique", [*LOAD, RAS, ("RepeatChanneld", {"repeats": 2}), ("DataStatsd", {"prefix": "x"})], labels, channels=2)
    for name, args in {"both": {"lower": 5, "upper": 95}, "one": {"lower": None, "upper": 90.5, "channel_wise": True}}.items():
        add(f"percentiles-clipped-{name}", "axis-aligned", [*LOAD, ("ClipIntensityPercentilesd", args)], labels, channels=2)
    add("masked", "oblique", [*LOAD, ("MaskIntensityd", {"keys": "image", "mask_key": "brain"}), NORMAL], labels, keys=("image", "brain"))
    mapped = ("MapLabelValued", {"orig_labels": [1, 2, 0], "target_labels": [2, 7, 1]})
    add("labels-mapped", "flipped", [*LOAD, spacing], [*labels, mapped])
    matched = ("ResampleToMatchd", {"keys": "image", "key_dst": "prior", "mode": "bilinear"})
    add("matched", "oblique", [*LOAD, ("Spacingd", {"keys": "prior", "pixdim": [2, 1.5, 2]}), matched], labels, keys=("image", "prior"))


def draw_geometry(r: np.random.Generator) -> tuple:
    pick = lambda *options: options[r.integers(len(options))]
    number = lambda low, high: round(float(r.uniform(low, high)), 2)
    pads = pick("constant", "reflect", "replicate", "symmetric", "minimum", "mean", "linear_ramp")
    return pick(
        ("Spacingd", {"pixdim": [number(1, 2.5), number(1, 2.5), number(1, 3)], "mode": pick("bilinear", "bilinear", "nearest"),
                      "padding_mode": pick("border", "zeros"), "scale_extent": pick(False, False, True)}),
        ("Spacingd", {"pixdim": pick([1.5, 1.5, 2.0], [2, 2, 2], [1.5, -1, 2]), "diagonal": pick(False, False, True)}),
        ("Resized", {"spatial_size": [int(v) for v in r.integers(6, 14, 3)], "mode": pick("trilinear", "area", "nearest", "nearest-exact"),
                     "anti_aliasing": pick(False, False, True)}),
        ("Resized", {"spatial_size": int(r.integers(6, 14)), "size_mode": "longest", "mode": "trilinear"}),
        ("Zoomd", {"zoom": pick(0.7, 1.4, [0.6, 1.2, 0.9]), "mode": pick("trilinear", "area"), "keep_size": pick(True, False)}),
        ("SpatialPadd", {"spatial_size": [int(v) for v in r.integers(8, 15, 3)], "mode": pads}),
        ("DivisiblePadd", {"k": pick(4, [4, 1, 8]), "method": pick("symmetric", "end")}),
        ("BorderPadd", {"spatial_border": pick(2, [1, 2, 0], [1, 2, 0, 3, 2, 1]), "mode": pads}),
        ("CenterSpatialCropd", {"roi_size": pick([6, 8, -1], 7)}),
        ("ResizeWithPadOrCropd", {"spatial_size": [int(v) for v in r.integers(6, 14, 3)]}),
        ("SpatialCropd", {"roi_start": [1, 0, 2], "roi_end": [20, 8, 6]}),
        ("CropForegroundd", {"source_key": "image", "margin": pick(0, 1), "allow_smaller": pick(True, False), "k_divisible": pick(1, 4)}),
        ("Flipd", {"spatial_axis": pick(0, [0, 2], None)}),
        ("Rotate90d", {"k": pick(1, 2, 3), "spatial_axes": pick([0, 1], [1, 2], [0, 2])}),
        ("Transposed", {"indices": [0, 2, 1, 3]}),
    )


def draw_intensity(r: np.random.Generator) -> tuple:
    pick = lambda *options: options[r.integers(len(options))]
    return pick(
        ("ScaleIntensityRanged", {"a_min": -57, "a_max": 564, "b_min": 0.0, "b_max": 1.0, "clip": pick(True, False)}),
        ("ScaleIntensityRangePercentilesd", {"lower": pick(0, 1), "upper": pick(99, 99.5, 100), "b_min": 0, "b_max": 1,
                                             "relative": pick(True, False), "channel_wise": pick(True, False)}),
        ("ScaleIntensityd", pick({}, {"minv": -1.0, "maxv": 1.0}, {"channel_wise": True})),
        NORMAL,
        ("NormalizeIntensityd", pick({}, {"subtrahend": 31.5, "divisor": 120})),
        ("AdjustContrastd", {"gamma": pick(0.7, 1.5)}),
        ("ThresholdIntensityd", {"threshold": 50, "above": pick(True, False), "cval": 1.5}),
        ("MedianSmoothd", {"radius": 1}),
        ("Lambdad", {"func": pick("$lambda x: x.clamp(min=0) / 100", "$lambda x: torch.tanh(x / 300)")}),
    )


def draw_answer(r: np.random.Generator, classes: int) -> list:
    pick = lambda *options: options[r.integers(len(options))]
    back = invert(nearest_interp=pick(False, False, True))
    if classes == 1:
        return [("Activationsd", {"sigmoid": True}), back, ("AsDiscreted", {"threshold": 0.5}),
                *pick([], [("FillHolesd", {})], [("KeepLargestConnectedComponentd", {})])]
    after = pick([], [("LabelFilterd", {"applied_labels": [1]})], [("FillHolesd", {"applied_labels": 1})],
                 [("RemoveSmallObjectsd", {"min_size": 5})], [("LabelToContourd", {})])
    return [SOFTMAX, *pick([back, ARGMAX, *after], [ARGMAX, *after, back], [back], [back, ARGMAX, ("AsDiscreted", {"to_onehot": classes})])]


def drawn(pipelines: Pipelines) -> None:
    made, seed = 0, 0
    while made < DRAWN:
        seed += 1
        r = generator(f"pipeline {seed}")
        geometry = [draw_geometry(r) for _ in range(r.integers(0, 3))]
        steps = [*geometry, *[draw_intensity(r) for _ in range(r.integers(1, 3))]]
        r.shuffle(steps)
        turned = [("Orientationd", {"axcodes": ("RAS", "LPS", "SAR", "PIL")[r.integers(4)]})] if r.random() < 0.6 else []
        steps = [(str(name), dict(args)) for name, args in steps]
        classes = int(r.integers(1, 4))
        sizes = tuple(int(v) for v in r.integers(5, 11, 3))
        sizes = (*sizes[:2], 1) if r.random() < 0.1 else sizes
        made += pipelines.add(
            f"drawn-{seed}", KINDS[r.integers(len(KINDS))], [*LOAD, *turned, *steps], draw_answer(r, classes), classes=classes,
            sizes=sizes, channels=int(r.choice([1, 1, 2])), dtype=str(r.choice(["int16", "uint8", "float32", "int32"])), may_raise=True,
        )


def pipelines() -> None:
    made = Pipelines()
    named(made)
    drawn(made)


FOLDERS = {"Pipeline": pipelines}
