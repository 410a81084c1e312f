"""What was done, in the bundle's metadata: under the key `voxhost`, where nothing of MONAI's looks."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Dict, Sequence

from .compare import TOLERANCE, Comparison
from .export import OPSET
from .plan import Plan, read_config


def make_record(plan: Plan, model: Path, comparisons: Sequence[Comparison], versions: Dict[str, str]) -> Dict[str, Any]:
    """What went in, what came out, by what, and how well they agree."""
    return {
        "file": "models/model.onnx",
        "sha256": _sha256(model),
        "source": plan.weights.name,
        "source_sha256": _sha256(plan.weights),
        "made_by": versions,
        "opset": OPSET,
        "dynamic_axes": ["batch"],
        "window": list(plan.window),
        "channels": plan.channels,
        "tolerance": TOLERANCE,
        "comparisons": [one.as_json() for one in comparisons],
    }


def write_record(plan: Plan, record: Dict[str, Any]) -> None:
    """Adds it to configs/metadata.json; every other key stays as it is. The file is whole at every moment."""
    metadata = read_config(plan.metadata)
    metadata["voxhost"] = {**(metadata.get("voxhost") or {}), "onnx": record}
    written = plan.metadata.with_suffix(".json.new")
    written.write_text(json.dumps(metadata, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(written, plan.metadata)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(2**20), b""):
            digest.update(block)
    return digest.hexdigest()
