"""Writes test/golden/data/torchscript: small networks as TorchScript files, and what torch answers.

Names as arguments choose some of them. See README.md in this folder.
"""

import json
import sys
import warnings
from pathlib import Path

import torch

from golden_file import FORMS, write_network
from networks import NETWORKS

DATA = Path(__file__).resolve().parents[1] / "data" / "torchscript" / "networks"


def main() -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    DATA.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or list(NETWORKS):
        torch.manual_seed(0)
        case = write_network(DATA, name, NETWORKS[name].build().eval(), NETWORKS[name].shapes)
        (DATA / f"{name}.json").write_text(json.dumps(case, indent=1) + "\n")
        print(name, {form: "ok" if "file" in case[form] else case[form]["raises"][:100] for form in FORMS}, flush=True)


if __name__ == "__main__":
    main()
