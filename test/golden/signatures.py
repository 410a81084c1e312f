"""Writes signatures.json: the arguments of MONAI's transforms, in order, with defaults, array and dictionary form."""

import inspect
import json
import sys
from enum import Enum
from pathlib import Path

import monai.apps.nuclick.transforms
import monai.transforms
import numpy as np
import torch
from monai.inferers import SimpleInferer, SlidingWindowInferer

NAMES = (
    "LoadImage", "EnsureChannelFirst", "EnsureType", "CastToType", "ToTensor", "ToNumpy", "ToDevice", "Identity", "DataStats", "Lambda",
    "Orientation", "Flip", "Rotate90", "Transpose", "SqueezeDim",
    "Spacing", "SpatialResample", "ResampleToMatch", "Resize", "Zoom",
    "CropForeground", "SpatialPad", "DivisiblePad", "BorderPad", "SpatialCrop", "CenterSpatialCrop",
    "ResizeWithPadOrCrop",
    "ScaleIntensity", "ScaleIntensityRange", "ScaleIntensityRangePercentiles", "NormalizeIntensity",
    "ClipIntensityPercentiles", "MaskIntensity", "RepeatChannel", "MapLabelValue", "ShiftIntensity", "ThresholdIntensity", "AdjustContrast", "GaussianSmooth", "MedianSmooth",
    "ConcatItems", "SelectItems", "DeleteItems", "CopyItems", "AddLabelAsGuidance",
    "Activations", "Invert", "AsDiscrete", "KeepLargestConnectedComponent", "FillHoles", "RemoveSmallObjects",
    "LabelFilter", "LabelToContour", "MeanEnsemble", "VoteEnsemble", "SaveImage", "SaveClassification",
)


def plain(value):
    """A default as JSON: types and enums by their bare names; what has no plain form as its text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if isinstance(value, type):
        return np.dtype(value).name if issubclass(value, np.generic) or value in (float, int) else value.__name__
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f"<{type(value).__name__}>"


def signature(which: type) -> list[dict]:
    arguments = []
    for name, parameter in list(inspect.signature(which.__init__).parameters.items())[1:]:
        entry = {"name": name}
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            entry["any"] = True
        elif parameter.default is not parameter.empty:
            entry["default"] = plain(parameter.default)
        arguments.append(entry)
    return arguments


def main() -> None:
    transforms = {
        name: {
            # Some are there in dictionary form only.
            "array": signature(getattr(monai.transforms, name)) if hasattr(monai.transforms, name) else [],
            "dictionary": signature(getattr(monai.transforms, f"{name}d", None) or getattr(monai.apps.nuclick.transforms, f"{name}d")),
        }
        for name in NAMES
    }
    inferers = {which.__name__: signature(which) for which in (SimpleInferer, SlidingWindowInferer)}
    content = {"monai": monai.__version__, "transforms": transforms, "inferers": inferers}
    Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "signatures.json").write_text(
        json.dumps(content, indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
