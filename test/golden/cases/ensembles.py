"""Transforms of several keys: MeanEnsemble, VoteEnsemble, ConcatItems, ResampleToMatch."""

import monai.transforms
import numpy as np

from volumes import AFFINES, SIZES, labels, make, smooth_scores
from writer import Writer, tensor


class KeyCases:
    """Cases of a dictionary form on images under the keys a, b, c, …"""

    def __init__(self, transform: str):
        self.transform = transform
        self.writer = Writer(transform)

    def add(self, case: str, volumes: list[tuple], args: dict, gives: str, tolerance: float = 0) -> None:
        keys = [chr(ord("a") + n) for n in range(len(volumes))]
        item = {key: tensor(data, affine) for key, (_, data, affine) in zip(keys, volumes)}
        keys_of_step = args.pop("keys", keys)
        answer = getattr(monai.transforms, f"{self.transform}d")(keys=keys_of_step, **args)(item)[gives]
        self.writer.case(case, {
            "transform": f"{self.transform}d",
            "args": {"keys": keys_of_step, **args},
            "inputs": {key: self.writer.input(*volume) for key, volume in zip(keys, volumes)},
            "gives": gives,
            "output": self.writer.output(case, answer),
            "tolerance": tolerance,
        })


def scores(n: int, kind: str = "oblique", channels: int = 3) -> tuple:
    return (f"answer-{n}-{kind}-{channels}", smooth_scores(f"answer-{n}", SIZES, channels), AFFINES[kind])


def mean() -> None:
    cases = KeyCases("MeanEnsemble")
    for count in (2, 3, 5, 8):
        cases.add(f"{count}", [scores(n) for n in range(count)], {"output_key": "mean"}, "mean")
    cases.add("weights", [scores(n) for n in range(3)], {"output_key": "mean", "weights": [0.3, 1.7, 2.1]}, "mean")
    cases.add("over-the-first", [scores(n, "sheared") for n in range(2)], {"output_key": "a"}, "a")


def vote() -> None:
    cases = KeyCases("VoteEnsemble")
    maps = [(f"vote-{n}", labels(f"vote-{n}", fill=0.8), AFFINES["permuted"]) for n in range(5)]
    for count in (2, 3, 5):
        cases.add(f"labels-{count}", maps[:count], {"output_key": "vote", "num_classes": 4}, "vote")
        hot = [(f"{name}-hot", np.concatenate([data == label for label in range(4)]).astype(np.float32), affine)
               for name, data, affine in maps[:count]]
        cases.add(f"one-hot-{count}", hot, {"output_key": "vote"}, "vote")


def concat() -> None:
    cases = KeyCases("ConcatItems")
    cases.add("two", [scores(0), scores(1)], {"name": "image"}, "image")
    cases.add("unlike", [scores(0, channels=1), scores(1, channels=2), scores(2)], {"name": "image"}, "image")
    cases.add("in-another-order", [scores(0), scores(1)], {"keys": ["b", "a"], "name": "a"}, "a")


def match() -> None:
    cases = KeyCases("ResampleToMatch")
    for kind in ("axis-aligned", "permuted", "oblique", "sheared", "flipped"):
        target = ("target-" + kind, *make("target", "oblique-flipped", sizes=(7, 8, 6)))
        source = (f"{kind}-float32", *make(f"{kind}-float32", kind))
        cases.add(kind, [source, target], {"keys": ["a"], "key_dst": "b"}, "a", 2e-4)
        nearest = {"keys": ["a"], "key_dst": "b", "mode": "nearest", "padding_mode": "zeros"}
        cases.add(f"{kind}-nearest", [source, target], nearest, "a")
    same = ("oblique-float32", *make("oblique-float32", "oblique"))
    cases.add("the-same-grid", [same, scores(0)], {"keys": ["a"], "key_dst": "b"}, "a")


FOLDERS = {"MeanEnsemble": mean, "VoteEnsemble": vote, "ConcatItems": concat, "ResampleToMatch": match}
