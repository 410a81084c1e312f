"""What will be converted: files, the network's key, channels and window. Reads JSON and YAML; needs no PyTorch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

_CONFIGS = ("configs/inference.json", "configs/inference.yaml", "configs/inference.yml")
_WEIGHTS = ("models/model.pt", "models/model.ts")
#: Voxels along an axis whose window a config leaves to the image.
_FREE_AXIS = 64


class ConversionError(Exception):
    """What keeps a bundle from being converted: a sentence that names the file and the key."""


@dataclass(frozen=True)
class Plan:
    """A conversion, before anything was loaded."""

    bundle: Path
    config: Path
    metadata: Path
    weights: Path
    target: Path
    #: The key of the network in the config; None for TorchScript, which is its own network.
    network_key: Optional[str]
    channels: int
    window: Tuple[int, ...]
    input_name: str
    output_names: Tuple[str, ...]


def plan_conversion(bundle: Path, weights: Optional[Path] = None, window: Optional[Sequence[int]] = None) -> Plan:
    """Looks through a bundle's folder. @raises ConversionError"""
    if not bundle.is_dir():
        raise ConversionError(f"{bundle} is no folder: unpack the bundle first.")
    config = _first(bundle, _CONFIGS, "the inference config")
    metadata = _first(bundle, ("configs/metadata.json",), "the metadata")
    chosen = weights or _first(bundle, _WEIGHTS, "the weights")
    if not chosen.is_file():
        raise ConversionError(f"There are no weights {chosen}.")
    inference, described = read_config(config), read_config(metadata)
    inputs, outputs = _network_format(described, metadata)
    if len(inputs) != 1:
        raise ConversionError(
            f"{metadata}, network_data_format.inputs: the network takes {len(inputs)} tensors "
            f"({', '.join(inputs) or 'none'}), and only networks with one are converted."
        )
    (name, first), *_ = inputs.items()
    return Plan(
        bundle=bundle,
        config=config,
        metadata=metadata,
        weights=chosen,
        target=bundle / "models" / "model.onnx",
        network_key=None if chosen.suffix == ".ts" else _network_key(inference, config),
        channels=_channels(first, inference, metadata),
        window=tuple(window) if window else _window(inference, first, metadata),
        input_name=name,
        output_names=tuple(outputs) or ("pred",),
    )


def read_config(path: Path) -> Dict[str, Any]:
    """JSON or YAML. @raises ConversionError"""
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            parsed = json.loads(text)
        else:
            import yaml

            parsed = yaml.safe_load(text)
    except ImportError as error:
        raise ConversionError(f'{path} is YAML: pip install "voxhost[convert]" brings what reads it.') from error
    except (OSError, ValueError) as error:
        raise ConversionError(f"{path} cannot be read: {error}") from error
    except Exception as error:  # yaml's errors have no common base that is worth an import
        raise ConversionError(f"{path} is no YAML: {error}") from error
    if not isinstance(parsed, dict):
        raise ConversionError(f"{path} holds no table of keys.")
    return parsed


def _first(bundle: Path, names: Sequence[str], what: str) -> Path:
    for name in names:
        if (bundle / name).is_file():
            return bundle / name
    raise ConversionError(f"{bundle} lacks {what}: none of {', '.join(names)} is there.")


def _network_format(described: Mapping[str, Any], path: Path) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    found = described.get("network_data_format")
    if not isinstance(found, dict) or not isinstance(found.get("inputs"), dict):
        raise ConversionError(f"{path}, network_data_format.inputs: it is missing, and says what the network takes.")
    return found["inputs"], found.get("outputs") or {}


def _network_key(inference: Mapping[str, Any], path: Path) -> str:
    for key in ("network_def", "network", "net"):
        if key in inference:
            return key
    raise ConversionError(f"{path} has none of network_def, network, net: there is no network to build.")


def _channels(first: Any, inference: Mapping[str, Any], path: Path) -> int:
    definition = inference.get("network_def")
    for found in (
        first.get("num_channels") if isinstance(first, dict) else None,
        definition.get("in_channels") if isinstance(definition, dict) else None,
    ):
        if isinstance(found, int) and found > 0:
            return found
    raise ConversionError(f"{path}, network_data_format.inputs: num_channels is missing.")


def _window(inference: Mapping[str, Any], first: Any, path: Path) -> Tuple[int, ...]:
    """The inferer's window; without one the shape that the metadata says; free axes get a size of their own."""
    inferer = inference.get("inferer")
    shape = inferer.get("roi_size") if isinstance(inferer, dict) else None
    if isinstance(shape, str):
        shape = inference.get(shape[1:]) if shape.startswith("@") else None
    if not _is_shape(shape):
        shape = first.get("spatial_shape") if isinstance(first, dict) else None
    if not isinstance(shape, list) or not shape:
        raise ConversionError(
            f"{path}: neither inferer.roi_size of the inference config nor spatial_shape of the metadata says how "
            "large a window is. Give it: --window 96 96 96."
        )
    axes: List[int] = [size if isinstance(size, int) and size > 0 else _FREE_AXIS for size in shape]
    return tuple(axes)


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, list) and bool(shape) and all(isinstance(size, int) for size in shape)
