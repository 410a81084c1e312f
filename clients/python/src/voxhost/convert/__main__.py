"""The command: python -m voxhost.convert BUNDLE."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import List, Optional, Sequence

from .plan import ConversionError, Plan, plan_conversion

_NEEDED = ("torch", "monai", "onnx", "onnxruntime")


def main(words: Optional[Sequence[str]] = None) -> int:
    """0 when the model was written, 1 with a sentence on standard error when not."""
    options = _parse(words)
    try:
        plan = plan_conversion(options.bundle, options.weights, options.window)
        if plan.target.exists() and not options.force:
            raise ConversionError(f"{plan.target} is there already: --force writes it anew.")
        missing = [name for name in _NEEDED if not find_spec(name)]
        if missing:
            raise ConversionError(f'{", ".join(missing)} not installed: pip install "voxhost[convert]"')
        for line in convert(plan, options.image):
            print(line, flush=True)
    except ConversionError as error:
        print(f"Not converted. {error}", file=sys.stderr)
        return 1
    return 0


def convert(plan: Plan, image: Optional[Path]) -> List[str]:
    """Exports, compares, records. Nothing is left behind when the answers differ. @raises ConversionError"""
    import monai
    import onnxruntime
    import torch

    from .compare import compare_networks
    from .export import export_network
    from .network import load_network
    from .record import make_record, write_record

    network = load_network(plan)
    plan.target.parent.mkdir(exist_ok=True)
    written = plan.target.with_suffix(".onnx.new")
    try:
        export_network(network, plan, written)
        comparisons = compare_networks(network, plan, written, image)
        wrong = [one for one in comparisons if not one.holds]
        if wrong:
            raise ConversionError(
                f"{wrong[0].name}: ONNX answers otherwise than PyTorch, by {wrong[0].largest_difference:.2g} where "
                f"values reach {wrong[0].largest_value:.2g}."
            )
        versions = {"torch": torch.__version__, "monai": monai.__version__, "onnxruntime": onnxruntime.__version__}
        record = make_record(plan, written, comparisons, versions)
        os.replace(written, plan.target)
    finally:
        written.unlink(missing_ok=True)
    write_record(plan, record)
    lines = [f"{plan.weights} → {plan.target} ({plan.target.stat().st_size / 2**20:.1f} MiB)"]
    for one in comparisons:
        classes = "" if one.differing_classes is None else f", {one.differing_classes} of {one.voxels} classes differ"
        lines.append(f"{one.name}: largest difference {one.largest_difference:.1e} of {one.largest_value:.2g}{classes}")
    if image is None:
        lines.append("Not compared on a real window: give one with --image FILE.")
    lines.append(f"Recorded in {plan.metadata}. Next: voxhost check {plan.bundle}")
    return lines


def _parse(words: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m voxhost.convert", description="Writes the network of a MONAI bundle as ONNX beside its weights."
    )
    parser.add_argument("bundle", type=Path, help="the bundle's folder")
    parser.add_argument("--weights", type=Path, help="model.pt or model.ts (default: the bundle's own, .pt first)")
    parser.add_argument("--window", type=int, nargs="+", help="voxels along each axis (default: the inferer's)")
    parser.add_argument("--image", type=Path, help="an image to compare a real window of")
    parser.add_argument("--force", action="store_true", help="replace a model.onnx that is there")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
