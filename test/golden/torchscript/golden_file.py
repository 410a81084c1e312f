"""One network as golden files: its TorchScript archives, packed small, and what torch answers. Runs on Python 3.7 and torch 1.6."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import torch

FORMS = ("scripted", "traced")
SAMPLES = 512


def write_network(folder: Path, name: str, model: torch.nn.Module, shapes: list) -> dict:
    """What `<name>.json` is to hold; the archives are written beside it."""
    thin_weights(model)
    inputs = [make_input(shape) for shape in shapes]
    with torch.no_grad():
        answer = model(*inputs)
    case = {
        "class": type(model).__name__,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "torch": torch.__version__.split("+")[0],
        "inputs": [list(shape) for shape in shapes],
        "outputs": [describe(tensor) for tensor in flatten(answer)],
    }
    for form in FORMS:
        case[form] = save(folder, name, form, model, inputs)
    return case


def save(folder: Path, name: str, form: str, model: torch.nn.Module, inputs: list[torch.Tensor]) -> dict:
    try:
        with torch.no_grad():
            program = torch.jit.script(model) if form == "scripted" else torch.jit.trace(model, tuple(inputs), strict=False)
    except Exception as error:  # noqa: BLE001 - whatever torch cannot script is a fact to keep
        lines = [line for line in str(error).splitlines() if line.strip()]
        return {"raises": " ".join(lines)[:300]}
    buffer = io.BytesIO()
    torch.jit.save(program, buffer)
    file = f"{name}.{form}.pt.gz"
    (folder / file).write_bytes(pack(buffer.getvalue()))
    return {"file": file}


def pack(data: bytes) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(data)
    return packed.getvalue()


def thin_weights(model: torch.nn.Module) -> None:
    """Few different weights, most of them zero, as large together as before: such files pack small."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() < 2 or parameter.numel() < 64:
                parameter.add_(torch.randn_like(parameter) * 0.1)
                continue
            kept = torch.rand_like(parameter) < 0.15
            signs = torch.sign(torch.randn_like(parameter))
            scale = (parameter.std().clamp(min=0.02) / 0.15**0.5).item()
            parameter.copy_(kept * signs * float(np.float16(scale)))
        for buffer in model.buffers():
            if buffer.is_floating_point():
                buffer.add_(torch.rand_like(buffer) * 0.1)


def make_input(shape: tuple[int, ...]) -> torch.Tensor:
    """Number n is ((n \u00b7 2654435761 mod 2\u00b3\u00b2) >> 12) / 2\u00b9\u2079 - 1: any language can make it."""
    places = np.arange(np.prod(shape), dtype=np.uint64)
    hashed = (places * np.uint64(2654435761) & np.uint64(0xFFFFFFFF)) >> np.uint64(12)
    return torch.from_numpy((hashed.astype(np.float64) / 2**19 - 1).astype(np.float32).reshape(shape))


def describe(tensor: torch.Tensor, samples: int = SAMPLES) -> dict:
    """The shape, and every n-th number in C order."""
    flat = tensor.detach().contiguous().reshape(-1).to(torch.float64)
    every = max(1, flat.numel() // samples)
    numbers = [float(np.format_float_positional(value, precision=9, fractional=False)) for value in flat[::every].tolist()]
    return {
        "shape": list(tensor.shape),
        "least": flat.min().item(),
        "greatest": flat.max().item(),
        "every": every,
        "numbers": numbers,
    }


def flatten(value: object) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else []
    return [tensor for item in items for tensor in flatten(item)]
