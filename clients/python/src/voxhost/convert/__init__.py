"""python -m voxhost.convert BUNDLE: the network of a MONAI bundle as ONNX beside its PyTorch weights.

Needs MONAI and PyTorch (pip install "voxhost[convert]"); the host and the rest of this package need neither. The life
of a conversion: `plan` (no PyTorch) → `network` (the module with its weights) → `export` → `compare` → `record`.
"""

from .plan import ConversionError, Plan, plan_conversion

__all__ = ["ConversionError", "Plan", "plan_conversion"]
