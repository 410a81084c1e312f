"""The network as ONNX: a dynamic batch axis, one input, one output."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from .plan import ConversionError, Plan

#: Of the operators. 17 is what every ONNX Runtime of the last years and of the GPUs' providers takes.
OPSET = 17


def export_network(network: Any, plan: Plan, target: Path) -> None:
    """Writes the ONNX file. @raises ConversionError when the network has no form in ONNX"""
    import torch

    example = torch.zeros((1, plan.channels, *plan.window))
    with torch.no_grad():
        try:
            answer = network(example)
        except Exception as error:  # whatever a network raises
            raise ConversionError(
                f"The network does not take a window of {_shape(example)}: {error}. Another: --window I J K."
            ) from error
    if not isinstance(answer, torch.Tensor):
        raise ConversionError(
            f"The network answers with a {type(answer).__name__}, and only networks with one tensor are converted "
            "(deep supervision: switch it off in the config)."
        )
    names = (plan.input_name, plan.output_names[0])
    if names[0] == names[1]:
        names = (names[0], f"{names[1]}_out")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The tracer: it takes modules and TorchScript alike, and needs no package beside PyTorch.
            torch.onnx.export(
                network,
                (example,),
                str(target),
                input_names=[names[0]],
                output_names=[names[1]],
                dynamic_axes={name: {0: "batch"} for name in names},
                opset_version=OPSET,
                dynamo=False,
            )
    except Exception as error:  # the exporter has many kinds
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ConversionError(f"PyTorch cannot write the network as ONNX (opset {OPSET}): {first}") from error


def _shape(tensor: Any) -> str:
    return "×".join(map(str, tensor.shape))
