"""The network with its weights, by MONAI's own parser and PyTorch's own loader."""

from __future__ import annotations

import os
import sys
from typing import Any

from .plan import ConversionError, Plan

#: What a checkpoint may keep its weights under.
_STATE_KEYS = ("model", "state_dict", "network", "net", "model_state_dict")


def load_network(plan: Plan) -> Any:
    """The module, in evaluation mode on the CPU. @raises ConversionError naming what does not fit"""
    import torch

    if plan.network_key is None:
        try:
            return torch.jit.load(str(plan.weights), map_location="cpu").eval()
        except RuntimeError as error:
            raise ConversionError(f"{plan.weights} is no TorchScript that this PyTorch reads: {error}") from error
    network = _build(plan)
    state = _read_state(plan)
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise ConversionError(
            f"{plan.weights} does not fit the network of {plan.config}, {plan.network_key}: {error}"
        ) from error
    return network.eval()


def _build(plan: Plan) -> Any:
    """Builds what the config declares. Here, unlike on the host, MONAI evaluates the bundle's own expressions."""
    import torch
    from monai.bundle import ConfigParser

    parser = ConfigParser()
    parser.read_config([str(plan.config)])
    parser.read_meta([str(plan.metadata)])
    parser["bundle_root"] = str(plan.bundle)
    parser["device"] = "$torch.device('cpu')"
    # A bundle may bring Python of its own beside its configs.
    sys.path.insert(0, os.fspath(plan.bundle))
    try:
        network = parser.get_parsed_content(plan.network_key)
    except Exception as error:  # whatever a bundle's own code raises
        raise ConversionError(f"{plan.config}, {plan.network_key}: MONAI cannot build it: {error}") from error
    finally:
        sys.path.remove(os.fspath(plan.bundle))
    if not isinstance(network, torch.nn.Module):
        raise ConversionError(f"{plan.config}, {plan.network_key} is a {type(network).__name__}, expected a network.")
    return network.to("cpu")


def _read_state(plan: Plan) -> Any:
    import torch

    try:
        loaded = torch.load(str(plan.weights), map_location="cpu", weights_only=True)
    except Exception as error:  # pickle's and zipfile's errors, and PyTorch's refusal of anything but tensors
        raise ConversionError(
            f"{plan.weights} cannot be read as plain weights: {error}. Only files of tensors are loaded, never code."
        ) from error
    for key in _STATE_KEYS:
        if isinstance(loaded, dict) and isinstance(loaded.get(key), dict):
            loaded = loaded[key]
            break
    if not isinstance(loaded, dict):
        raise ConversionError(f"{plan.weights} holds a {type(loaded).__name__}, expected weights by name.")
    # Trained on several GPUs, every name starts with "module.".
    return {name[len("module.") :] if name.startswith("module.") else name: value for name, value in loaded.items()}
