"""MONAI 1.6.1's side of beside-monai.ts: bundles warm in one process, on the image in memory, with torch.

    python benchmarks/monai_side.py THREADS BUNDLE...

Says `{"ready": true}` when every bundle is loaded and has answered once. Then answers each line
`{"bundle": "…", "mask": "FILE"}` with `{"ms": …}`: from the image in memory to the mask in memory. FILE, where given,
gets the mask: uint8, i fastest.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import torch

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "test" / "golden"), str(ROOT / "benchmarks")]

from bundle_answers import WORKFLOWS, BundleAnswers, head  # noqa: E402
from torch_network import torch_network  # noqa: E402

EXAMPLES = {"brain_extraction_mri": (2, 1, 64, 64, 64), "brain_extraction_deepbet": (1, 1, 128, 128, 128)}


def load(name: str) -> BundleAnswers:
    model = str(WORKFLOWS / name / "models" / "model.onnx")
    return BundleAnswers(name, torch_network(model, torch.rand(EXAMPLES[name])))


def main() -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(int(sys.argv[1]))
    image = head()
    bundles = {name: load(name) for name in sys.argv[2:]}
    for answers in bundles.values():
        answers.answer(image.clone())
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        source = image.clone()
        start = time.perf_counter()
        mask = bundles[request["bundle"]].answer(source)
        elapsed = time.perf_counter() - start
        if request.get("mask"):
            Path(request["mask"]).write_bytes(mask[0].tobytes(order="F"))
        print(json.dumps({"ms": elapsed * 1000}), flush=True)


if __name__ == "__main__":
    main()
