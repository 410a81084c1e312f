"""Both networks on the same windows: PyTorch and ONNX Runtime, on the CPU."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional

from .plan import ConversionError, Plan

#: Largest difference that is allowed, as a part of the largest value: float32 arithmetic in another order.
TOLERANCE = 1e-3
_SEED = 20_240


@dataclass(frozen=True)
class Comparison:
    """How far two answers to one input are apart."""

    #: `random, batch 1`, `random, batch 2`, `window of <file>`.
    name: str
    largest_difference: float
    #: Of PyTorch's answer, without sign.
    largest_value: float
    #: Voxels whose class (the largest channel) differs; None for one channel.
    differing_classes: Optional[int]
    voxels: int

    @property
    def holds(self) -> bool:
        """Whether they say the same."""
        return self.largest_difference <= TOLERANCE * max(self.largest_value, 1e-6)

    def as_json(self) -> Dict[str, Any]:
        """For the record."""
        return asdict(self)


def compare_networks(network: Any, plan: Plan, model: Path, image: Optional[Path]) -> List[Comparison]:
    """Two random batches, one larger than was exported, and a window of a real image when there is one."""
    import numpy as np
    import onnxruntime

    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(_SEED)
    inputs = {
        f"random, batch {batch}": generator.standard_normal((batch, plan.channels, *plan.window)).astype(np.float32)
        for batch in (1, 2)
    }
    if image is not None:
        inputs[f"window of {image.name}"] = real_window(plan, image)
    return [_compare(network, session, name, value) for name, value in inputs.items()]


def _compare(network: Any, session: Any, name: str, value: Any) -> Comparison:
    import numpy as np
    import torch

    with torch.no_grad():
        by_torch = network(torch.from_numpy(value)).numpy()
    (by_onnx,) = session.run(None, {session.get_inputs()[0].name: value})
    if by_torch.shape != by_onnx.shape:
        raise ConversionError(f"{name}: PyTorch answers {by_torch.shape}, ONNX {by_onnx.shape}.")
    classes = by_torch.shape[1] > 1 if by_torch.ndim > 2 else False
    return Comparison(
        name=name,
        largest_difference=float(np.abs(by_torch - by_onnx).max()),
        largest_value=float(np.abs(by_torch).max()),
        differing_classes=int((by_torch.argmax(1) != by_onnx.argmax(1)).sum()) if classes else None,
        voxels=int(by_torch[:, 0].size),
    )


def real_window(plan: Plan, image: Path) -> Any:
    """The middle window of an image that went through the bundle's own preprocessing."""
    import numpy as np
    from monai.bundle import ConfigParser

    parser = ConfigParser()
    parser.read_config([str(plan.config)])
    parser["bundle_root"] = str(plan.bundle)
    parser["device"] = "$torch.device('cpu')"
    if "preprocessing" not in parser.get():
        raise ConversionError(f"{plan.config} has no preprocessing: leave --image out.")
    try:
        made = parser.get_parsed_content("preprocessing")({plan.input_name: str(image)})
        array = np.asarray(made[plan.input_name], np.float32)
    except Exception as error:  # whatever a transform raises
        raise ConversionError(f"{plan.config}, preprocessing does not take {image}: {error}") from error
    if array.shape[0] != plan.channels or array.ndim != 1 + len(plan.window):
        raise ConversionError(f"{image} becomes {array.shape}, and the network takes {plan.channels} channels.")
    for axis, size in enumerate(plan.window, start=1):
        missing = max(0, size - array.shape[axis])
        array = np.pad(
            array, [(0, 0)] * axis + [(missing // 2, missing - missing // 2)] + [(0, 0)] * (array.ndim - axis - 1)
        )
        start = (array.shape[axis] - size) // 2
        array = array.take(range(start, start + size), axis=axis)
    return np.ascontiguousarray(array[np.newaxis])
