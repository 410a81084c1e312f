"""Writes open-axes.json.gz: what torch answers when the archives of networks/ are given images of other sizes.

Names as arguments choose some of them, and write nothing. See README.md in this folder.
"""

import gzip
import io
import json
import sys
from pathlib import Path

import torch

from golden_file import FORMS, describe, flatten, make_input, pack

DATA = Path(__file__).resolve().parents[1] / "data" / "torchscript"
SAMPLES = 96


def other_sizes(sizes: list[int]) -> list[list[int]]:
    """Multiples of the sizes that a network was saved with, and sizes that are multiples of nothing."""
    return [[size * factor for size, factor in zip(sizes, (2, 3, 1))], [size * 2 + odd for size, odd in zip(sizes, (1, 7, 3))]]


def answers(network: torch.jit.ScriptModule, shapes: list[list[int]]) -> list[dict]:
    found = []
    for sizes in other_sizes(shapes[0][2:]):
        inputs = [[*shape[:2], *sizes] for shape in shapes]
        try:
            with torch.no_grad():
                outputs = flatten(network(*[make_input(shape) for shape in inputs]))
        except Exception:  # noqa: BLE001 - a network for one size only
            continue
        found.append({"inputs": inputs, "outputs": [describe(output, SAMPLES) for output in outputs]})
    return found


def main() -> None:
    torch.set_num_threads(1)
    cases = {}
    for file in sorted((DATA / "networks").glob("*.json")):
        case = json.loads(file.read_text())
        if sys.argv[1:] and file.stem not in sys.argv[1:]:
            continue
        for form in FORMS:
            if "file" not in case[form]:
                continue
            archive = gzip.decompress((DATA / "networks" / case[form]["file"]).read_bytes())
            found = answers(torch.jit.load(io.BytesIO(archive), map_location="cpu").eval(), case["inputs"])
            if found:
                cases[case[form]["file"]] = found
            print(file.stem, form, [answer["inputs"][0] for answer in found], flush=True)
    if not sys.argv[1:]:
        (DATA / "open-axes.json.gz").write_bytes(pack(json.dumps(cases).encode()))


if __name__ == "__main__":
    main()
