"""MONAI's side of the zoo's proof: seeded networks and volumes for bundles, and MONAI's own answers.

    python scripts/zoo/monai_side.py JOBS.json

JOBS.json is a list of what prove-bundle.ts wants: `{"name", "folder", "inputs": [{"key", "channels", "sizes", "spacing",
"format"}], "inChannels", "outChannels", "networkAxes", "loads", "perImage"}`. `folder` holds an untouched copy of the
bundle's configs. This writes `models/model.onnx`, the inputs and the answer into it, and one line of JSON per bundle to
stdout: `{"name", "seconds", "answer": {"file", "dtype", "sizes", "channels", "affineRas"}, "inputs": {...},
"affines": {...}}` or
`{"name", "error"}`. Needs what test/golden/requirements.txt lists.
"""

import json
import os
import sys
import time
import traceback
import warnings
import zlib
from pathlib import Path

import nibabel
import numpy as np
import onnx
import torch
from monai.bundle import ConfigParser
from monai.data import MetaTensor, decollate_batch, list_data_collate
from monai.data.image_writer import ImageWriter, init as known_writers, register_writer
from monai.transforms import LoadImaged
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from scipy.ndimage import gaussian_filter

FEATURES = 4
INPUT_STEPS, INPUT_MOST = 64, 511
FEATURE_STEPS, FEATURE_MOST = 16, 255


class SmallNetwork(torch.nn.Module):
    """Convolution, ReLU, then for each class how near the features are to its prototype, which the image itself gives.

    Its input and features are rounded to whole steps and its weights are small whole numbers, so every sum is exact in
    float32, in whatever order a library adds: what differs in the end comes from what stands around the network.
    """

    def __init__(self, job: dict, seed: int):
        super().__init__()
        random = np.random.default_rng(seed)
        self.axes, self.per_image = job["networkAxes"], job["perImage"]
        drawn = random.normal(size=(FEATURES, job["inChannels"], *[3] * self.axes))
        self.first = np.clip(np.round(drawn * 8), -31, 31).astype(np.float32)
        # Sums above zero: ReLU must not silence every feature of an image that has no negative numbers.
        sums = self.first.sum(axis=tuple(range(1, self.first.ndim)), keepdims=True)
        self.first *= np.where(sums < 0, np.float32(-1), np.float32(1))
        self.classes = job["outChannels"]
        self.random = random

    def convolve(self, x: torch.Tensor, weights: np.ndarray, bias: np.ndarray | None = None) -> torch.Tensor:
        operation = {2: torch.nn.functional.conv2d, 3: torch.nn.functional.conv3d}[self.axes]
        made = None if bias is None else torch.from_numpy(bias)
        return operation(x, torch.from_numpy(weights), made, padding=weights.shape[-1] // 2)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        steps = torch.clamp(torch.round(x * torch.from_numpy(self.input_scale)), -INPUT_MOST, INPUT_MOST)
        return torch.relu(self.convolve(steps, self.first))

    def rounded(self, found: torch.Tensor) -> torch.Tensor:
        steps = torch.clamp(torch.round(found * torch.from_numpy(self.feature_scale)), 0, FEATURE_MOST)
        return steps.mean(dim=tuple(range(2, steps.ndim)), keepdim=True) if self.per_image else steps

    def learn(self, x: torch.Tensor) -> None:
        """Scales, and prototypes: the features at random places of an image, 1 × channels × sizes."""
        self.input_scale = power_of_two(INPUT_STEPS / (float(x.std()) + 1e-6))
        found = self.features(x)
        spread = found.flatten(2)[0].numpy().std(axis=1) + 1e-3
        self.feature_scale = power_of_two(FEATURE_STEPS / spread).reshape(1, FEATURES, *[1] * self.axes)
        steps = self.rounded(found).flatten(2)[0].numpy().T
        chosen = steps[self.random.integers(0, len(steps), self.classes)]
        if self.per_image:
            chosen = np.round(chosen + self.random.normal(size=chosen.shape) * 4)
        chosen = chosen.astype(np.float32)
        self.second = (chosen / 64).reshape(self.classes, FEATURES, *[1] * self.axes)
        self.bias = -(chosen**2).sum(axis=1) / np.float32(128)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        answer = self.convolve(self.rounded(self.features(x)), self.second, self.bias)
        return answer.flatten(1) if self.per_image else answer

    def save(self, path: Path) -> None:
        """The same network and weights as ONNX, all sizes left open."""
        open_sizes = [f"n{axis}" for axis in range(self.axes)]
        pads = {"pads": [1] * (2 * self.axes)}
        last = "mean" if self.per_image else "steps"
        node = helper.make_node
        nodes = [
            *whole_steps("image", "input_scale", "input_least", "input_most", "whole"),
            node("Conv", ["whole", "first"], ["conv"], **pads),
            node("Relu", ["conv"], ["relu"]),
            *whole_steps("relu", "feature_scale", "feature_least", "feature_most", "steps"),
            *([node("GlobalAveragePool", ["steps"], ["mean"])] if self.per_image else []),
            node("Conv", [last, "second", "bias"], ["logits" if self.per_image else "pred"]),
            *([node("Flatten", ["logits"], ["pred"])] if self.per_image else []),
        ]
        weights = {
            "input_scale": self.input_scale,
            "input_least": np.float32(-INPUT_MOST),
            "input_most": np.float32(INPUT_MOST),
            "first": self.first,
            "feature_scale": self.feature_scale,
            "feature_least": np.float32(0),
            "feature_most": np.float32(FEATURE_MOST),
            "second": self.second,
            "bias": self.bias,
        }
        value = helper.make_tensor_value_info
        image = value("image", TensorProto.FLOAT, ["batch", self.first.shape[1], *open_sizes])
        pred = value("pred", TensorProto.FLOAT, ["batch", self.classes, *([] if self.per_image else open_sizes)])
        tensors = [numpy_helper.from_array(np.asarray(data, np.float32), name) for name, data in weights.items()]
        graph = helper.make_graph(nodes, "small", [image], [pred], tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(model, path)


class Unwritten(ImageWriter):
    """For files that only a bundle's own scripts can write: the answer is taken from the tensor."""

    def set_data_array(self, data_array, *args, **kwargs):
        pass

    def set_metadata(self, *args, **kwargs):
        pass

    def write(self, *args, **kwargs):
        pass


def power_of_two(value) -> np.ndarray:
    return np.asarray(np.exp2(np.round(np.log2(value))), np.float32)


def whole_steps(source: str, scale: str, least: str, most: str, result: str) -> list:
    """Times a power of two, to the nearest whole number, within bounds."""
    return [
        helper.make_node("Mul", [source, scale], [f"{result}_scaled"]),
        helper.make_node("Round", [f"{result}_scaled"], [f"{result}_rounded"]),
        helper.make_node("Clip", [f"{result}_rounded", least, most], [result]),
    ]


def texture(random: np.random.Generator, sizes: list[int]) -> np.ndarray:
    """Smooth blobs with a little noise, from 0 to 1, and air around them."""
    noise = sum(gaussian_filter(random.normal(size=sizes), s) * s for s in (2, 6))
    scaled = (noise - noise.min()) / (noise.max() - noise.min())
    middle = np.meshgrid(*[np.linspace(-1, 1, n) for n in sizes], indexing="ij")
    inside = sum(axis**2 for axis in middle) < 1.5
    return np.where(inside, np.clip(scaled + random.normal(size=sizes) * 0.01, 0, 1), 0)


def oblique(spacing: list[float]) -> np.ndarray:
    """RAS geometry of a scan turned a little, its first two axes as scanners have them."""
    a, b, c = 0.09, -0.06, 0.12
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = x @ y @ z @ np.diag([-1, -1, 1]) @ np.diag(spacing)
    matrix[:3, 3] = (88.25, 93.5, -41.75)
    return matrix


def make_input(job: dict, wanted: dict, random: np.random.Generator):
    """Writes one input; gives what MONAI's data list would have for it, and the file for the host."""
    folder = Path(job["folder"]) / "input"
    folder.mkdir(parents=True, exist_ok=True)
    key, channels, sizes = wanted["key"], wanted["channels"], wanted["sizes"]
    data = np.stack([texture(random, sizes) for _ in range(channels)], axis=-1)
    if wanted["format"] == "png":
        pixels = np.round(data * 255).astype(np.uint8).swapaxes(0, 1)
        path = folder / f"{key}.png"
        Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(path)
        if not job["loads"]:  # a patch of a slide, which the bundle's own data set cuts
            return MetaTensor(torch.from_numpy(pixels.transpose(2, 1, 0).astype(np.float32))), path
        return str(path), path
    affine = oblique(wanted["spacing"])
    if wanted["modality"] == "CT":
        voxels = np.round(data * 1600 - 600).astype(np.int16)
    else:
        voxels = np.round(data * 900).astype(np.int16)
    path = folder / f"{key}.nii.gz"
    save_nifti(voxels[..., 0] if channels == 1 else voxels, affine, path)
    if channels == 1:
        return str(path), path
    paths = []
    for channel in range(channels):
        paths.append(folder / f"{key}-{channel}.nii.gz")
        save_nifti(voxels[..., channel], affine, paths[-1])
    return [str(one) for one in paths], path


def save_nifti(voxels: np.ndarray, affine: np.ndarray, path: Path) -> None:
    image = nibabel.Nifti1Image(voxels, affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)


def item_at(parser: ConfigParser, ids: list[str]):
    """The first of the items that is there, parsed; a reference leads to the very object it names."""
    for one in ids:
        try:
            raw = parser[one]
        except (KeyError, ValueError, TypeError):
            continue
        if raw is not None:
            reference = raw[1:].replace("#", "::") if isinstance(raw, str) and raw.startswith("@") else one
            return parser.get_parsed_content(reference)
    return None


class Bundle:
    """A bundle's own transforms and inferer, parsed by MONAI from its unmodified files."""

    def __init__(self, job: dict):
        self.job = job
        self.folder = Path(job["folder"])
        (self.folder / "work").mkdir(exist_ok=True)
        os.chdir(self.folder / "work")
        config = next(iter(sorted((self.folder / "configs").glob("inference.*"))))
        parser = ConfigParser()
        parser.read_config(str(config))
        parser.read_meta(str(self.folder / "configs" / "metadata.json"))
        parser["bundle_root"] = "."
        if "output_dir" in parser:
            parser["output_dir"] = "./eval"
        self.preprocessing = item_at(parser, ["dataset::transform", "dataloader::dataset::transform", "preprocessing"])
        self.postprocessing = item_at(parser, ["evaluator::postprocessing", "postprocessing"])
        self.inferer = item_at(parser, ["evaluator::inferer", "inferer"])

    def affines(self, inputs: dict) -> dict:
        """RAS geometry of each volume by the bundle's own reader: ITK's differs from nibabel's in the last digits."""
        load = next((one for one in self.preprocessing.transforms if isinstance(one, LoadImaged)), None)
        if load is None or self.job["inputs"][0]["format"] != "nifti":
            return {}
        loaded = load(dict(inputs))
        return {key: [float(v) for v in np.asarray(loaded[key].affine).ravel()] for key in inputs}

    def before(self, inputs: dict) -> dict:
        item = self.preprocessing(dict(inputs))
        return item[0] if isinstance(item, list) else item

    def answer(self, item: dict, network) -> dict:
        """What SupervisedEvaluator does with a batch of one."""
        batch = list_data_collate([item])
        with torch.no_grad():
            batch["pred"] = self.inferer(batch["image"], network)
        one = decollate_batch(batch)[0]
        # A data list may hold a class beside each image, which some bundles' last transforms name.
        one.setdefault("label", torch.zeros(1))
        return self.postprocessing(one)

    def saved(self) -> Path | None:
        files = [one for one in (self.folder / "work").rglob("*") if one.name.endswith((".nii.gz", ".nii", ".png"))]
        return max(files, key=lambda one: one.stat().st_mtime_ns) if files else None


def read_answer(saved: Path | None, pred) -> tuple[np.ndarray, np.ndarray]:
    """Channels last, and RAS geometry: of the file that SaveImage wrote, else of the tensor at the end."""
    if saved is not None and saved.suffix == ".png":
        pixels = np.asarray(Image.open(saved)).swapaxes(0, 1)
        return pixels[..., None] if pixels.ndim == 2 else pixels, np.eye(4)
    if saved is not None:
        image = nibabel.load(saved)
        data = np.asanyarray(image.dataobj)
        return data[..., None] if data.ndim < 4 else data, image.affine
    data = np.asarray(pred)
    if data.ndim == 1:
        data = data[:, None]
    affine = np.eye(4)
    if isinstance(pred, MetaTensor) and pred.affine.shape == (4, 4):
        affine = pred.affine.numpy()
    return np.moveaxis(data, 0, -1), affine


def prove(job: dict) -> dict:
    seed = zlib.crc32(job["name"].encode())
    random = np.random.default_rng(seed)
    made = {wanted["key"]: make_input(job, wanted, random) for wanted in job["inputs"]}
    bundle = Bundle(job)
    network = SmallNetwork(job, seed)
    image = bundle.before({key: source for key, (source, _) in made.items()})["image"].as_tensor().float()
    slices = image.ndim - 1 > job["networkAxes"]
    network.learn(image[None, ..., image.shape[-1] // 2] if slices else image[None])
    network.save(Path(job["folder"]) / "models" / "model.onnx")
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        done = bundle.answer(bundle.before({key: source for key, (source, _) in made.items()}), network)
        seconds.append(time.perf_counter() - started)
    data, affine = read_answer(bundle.saved(), done["pred"])
    if data.dtype == np.int64 or data.dtype == bool:
        data = data.astype(np.int32)
    raw = np.ascontiguousarray(data.astype(data.dtype.newbyteorder("<")).transpose(*reversed(range(data.ndim - 1)), data.ndim - 1))
    file = Path(job["folder"]) / "answer.raw"
    file.write_bytes(raw.tobytes())
    answer = {"file": str(file), "dtype": data.dtype.name, "sizes": list(data.shape[:-1]), "channels": data.shape[-1]}
    return {
        "seconds": min(seconds),
        "inputs": {key: str(path) for key, (_, path) in made.items()},
        "affines": bundle.affines({key: source for key, (source, _) in made.items()}),
        "answer": answer | {"affineRas": [float(v) for v in affine.ravel()]},
    }


def main() -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(2)
    known_writers()
    register_writer("json", Unwritten)
    stdout = os.dup(1)
    os.dup2(2, 1)  # MONAI prints where it saves
    with os.fdopen(stdout, "w") as out:
        for job in json.loads(Path(sys.argv[1]).read_text()):
            try:
                result = prove(job)
            except Exception as error:  # noqa: BLE001 - what MONAI cannot do is a row of the table
                traceback.print_exc()
                result = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
            print(json.dumps({"name": job["name"]} | result), file=out, flush=True)


if __name__ == "__main__":
    main()
