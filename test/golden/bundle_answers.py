"""MONAI's own pipeline around a bundle's model.onnx: configs parsed by MONAI, the network run by ONNX Runtime."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from monai.bundle import ConfigParser
from monai.data import MetaTensor
from monai.transforms import Compose, LoadImage

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / "examples" / "workflows"
HEAD = ROOT / "examples" / "images" / "head-mri.nii.gz"


class BundleAnswers:
    """One bundle, ready to answer. `network` takes and gives a tensor; without one, ONNX Runtime runs model.onnx."""

    def __init__(self, name: str, network=None):
        parser = ConfigParser(json.loads((WORKFLOWS / name / "configs" / "inference.json").read_text()))
        self._disable(parser, "preprocessing", ("LoadImaged", "EnsureChannelFirstd"))
        self._disable(parser, "postprocessing", ("SaveImaged",))
        # Invertd refers to @preprocessing: parsed once, it is the very object of the next line.
        self.preprocessing: Compose = parser.get_parsed_content("preprocessing")
        self.postprocessing: Compose = parser.get_parsed_content("postprocessing")
        self.inferer = parser.get_parsed_content("inferer")
        self.network = network or onnx_network(name)

    @staticmethod
    def _disable(parser: ConfigParser, key: str, dropped: tuple) -> None:
        transforms = parser[f"{key}::transforms"]
        for index, transform in enumerate(transforms):
            if transform["_target_"] in dropped:
                parser[f"{key}::transforms::{index}::_disabled_"] = True

    def answer(self, image) -> np.ndarray:
        """uint8 mask (1, i, j, k) on the grid of `image`, a channel-first MetaTensor."""
        item = self.preprocessing({"image": image})
        with torch.no_grad():
            # Invertd passes over a bare tensor; in MONAI's evaluator the answer is a MetaTensor, as the input is.
            item["pred"] = MetaTensor(self.inferer(item["image"].as_tensor()[None], self.network)[0])
        return np.asarray(self.postprocessing(item)["pred"]).astype(np.uint8)


def onnx_network(name: str):
    """The bundle's model.onnx in ONNX Runtime, on two threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    model = str(WORKFLOWS / name / "models" / "model.onnx")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    key = session.get_inputs()[0].name

    def run(x: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(session.run(None, {key: np.ascontiguousarray(x.numpy())})[0])

    return run


def head():
    """The head MRI as MONAI loads it: float32 (1, i, j, k) with its affine."""
    return LoadImage(ensure_channel_first=True)(HEAD)
