"""MONAI 1.6.1's side of spleen-shape.ts: one case of it, several times, in this process.

    python benchmarks/pre_post_monai.py CASE.json

CASE.json is what spleen-shape.ts writes: sizes, geometry, the tables that the answer of a network is made of, the transforms.
Prints `{"ready": true}`, then `{"ms": …}` of one round for each line that comes in, and at the end of its input
`{"peakMiB": …}`; the last result is then written as raw voxels in C order.
"""

import json
import resource
import sys
import time
import warnings
from pathlib import Path

import monai.transforms
import numpy as np
import torch
from monai.data import MetaTensor
from monai.transforms import Compose


def volume(case: dict) -> MetaTensor:
    """The CT: hashed integers from -1024 to 1023 as float32, as LoadImage and EnsureChannelFirst give it."""
    count = int(np.prod(case["sizes"]))
    hashed = (np.arange(count, dtype=np.uint32) * np.uint32(2654435761)) >> np.uint32(21)
    data = (hashed.astype(np.int16) - 1024).astype(np.float32)
    # The first axis is the fastest, as in a file.
    data = data.reshape(case["sizes"][::-1]).transpose(2, 1, 0)[None]
    return MetaTensor(torch.from_numpy(np.ascontiguousarray(data)), affine=torch.tensor(case["affine"], dtype=torch.float64).reshape(4, 4))


def prediction(case: dict, shape: list[int]) -> torch.Tensor:
    """Channel c at (x, y, z) is a[c, x] · b[c, y] · d[c, z], rounded to float32 twice."""
    tables = np.fromfile(case["tables"], np.float32)
    classes = case["classes"]
    ends = np.cumsum([classes * n for n in shape])
    a, b, d = [part.reshape(classes, n) for part, n in zip(np.split(tables, ends[:-1]), shape)]
    answer = np.empty((classes, *shape), np.float32)
    for c in range(classes):
        np.multiply(a[c][:, None, None] * b[c][None, :, None], d[c][None, None, :], out=answer[c])
    return torch.from_numpy(answer)


def build(steps: list, key: str, before: Compose | None = None) -> Compose:
    transforms = []
    for step in steps:
        more = {"transform": before, "orig_keys": "image"} if step["transform"] == "Invert" else {}
        transforms.append(getattr(monai.transforms, f"{step['transform']}d")(keys=key, **step["args"], **more))
    return Compose(transforms)


def main() -> None:
    warnings.simplefilter("ignore")
    case = json.loads(Path(sys.argv[1]).read_text())
    torch.set_num_threads(case["threads"])
    before = build(case["pre"], "image")
    after = build(case["post"], "pred", before)
    image = volume(case)
    item = before({"image": image.clone()})
    result = item["image"]
    made = prediction(case, list(result.shape[1:])) if case["classes"] else None
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        if made is None:
            source = image.clone()
            start = time.perf_counter()
            result = before({"image": source})["image"]
        else:
            # As SupervisedEvaluator has it: the answer alone, in float32, with nobody else holding it.
            answered = {**item, "pred": MetaTensor(made)}
            start = time.perf_counter()
            result = after(answered)["pred"]
        print(json.dumps({"ms": (time.perf_counter() - start) * 1000}), flush=True)
    array = result.numpy()
    (array.astype(np.uint8) if case["classes"] else array).tofile(case["result"])
    print(json.dumps({"peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)


if __name__ == "__main__":
    main()
