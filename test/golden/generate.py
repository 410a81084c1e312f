"""Writes test/golden/data: what MONAI answers. See README.md. Names of folders as arguments choose some of them."""

import sys
import warnings

import torch

from cases import (
    bundles,
    chains,
    crop_pad,
    ensembles,
    intensity,
    lambdas,
    pipelines,
    post,
    smoothing,
    spatial,
    tables,
    turns,
    windows,
)

ROOMS = [spatial, turns, intensity, smoothing, crop_pad, post, lambdas, pipelines, ensembles, tables, chains, windows, bundles]


def main() -> None:
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    wanted = set(sys.argv[1:])
    known = {name: write for room in ROOMS for name, write in room.FOLDERS.items()}
    if unknown := wanted - set(known):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(known)}.")
    for name, write in known.items():
        if not wanted or name in wanted:
            print(name, flush=True)
            write()


if __name__ == "__main__":
    main()
