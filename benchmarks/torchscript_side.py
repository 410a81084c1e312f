"""torch's side of torchscript.ts.

    python benchmarks/torchscript_side.py make FILE           traces a SwinUNETR of 62 million parameters, saves it
    python benchmarks/torchscript_side.py answer FILE SHAPE   torch.jit.load, a prediction to warm up and one
"""

import sys
import warnings

import torch


def make(path: str) -> None:
    from monai.networks.nets import SwinUNETR

    torch.manual_seed(0)
    network = SwinUNETR(1, 14, feature_size=48).eval()
    with torch.no_grad():
        torch.jit.save(torch.jit.trace(network, torch.rand(1, 1, 64, 64, 64), check_trace=False), path)


def answer(path: str, shape: str) -> None:
    with torch.no_grad():
        network = torch.jit.load(path, map_location="cpu").eval()
        image = torch.full([int(size) for size in shape.split(",")], 0.5)
        for _ in ("to warm up, as a runner does", "to answer"):
            network(image)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    {"make": make, "answer": answer}[sys.argv[1]](*sys.argv[2:])
