"""Lambda: functions of voxels as bundles write them, evaluated by Python."""

import numpy as np
import torch
from monai.transforms import Lambda

from volumes import AFFINES, SIZES, generator, make, smooth_scores
from writer import Writer, tensor

OBLIQUE = AFFINES["oblique"]
SCORES = ("scores", smooth_scores("scores", SIZES), OBLIQUE)
MASKS = ("masks", (smooth_scores("masks", SIZES) > 0.3).astype(np.float32), OBLIQUE)


def not_finite() -> tuple:
    data = make("not-finite-lambda", "sheared", channels=2)[0]
    where = generator("not-finite-lambda").integers(0, 12, size=data.shape)
    data = np.where(where == 0, np.nan, np.where(where == 1, np.inf, np.where(where == 2, -np.inf, data)))
    return ("not-finite-lambda", data.astype(np.float32), AFFINES["sheared"])


CASES = {
    "brats": (MASKS, "lambda x: torch.where(x[[2]] > 0, 4, torch.where(x[[0]] > 0, 1, torch.where(x[[1]] > 0, 2, 0)))"),
    "drop-background": (SCORES, "lambda x : x[1:]"),
    "nan-to-num": (not_finite(), "lambda x: torch.nan_to_num(x, nan=255)"),
    "nan-to-num-all": (not_finite(), "lambda x: torch.nan_to_num(x, 1, 2, neginf=-3)"),
    "nan-to-num-defaults": (not_finite(), "lambda x: torch.nan_to_num(x)"),
    "slice-step": (SCORES, "lambda x: x[::2]"),
    "slice-negative": (SCORES, "lambda x: x[-2:]"),
    "slice-to": (SCORES, "lambda x: x[:-1]"),
    "one-channel": (SCORES, "lambda x: x[[-1]]"),
    "channels-in-order": (SCORES, "lambda x: x[[2, 0]]"),
    "threshold": (SCORES, "lambda x: x > 0.1"),
    "not-above": (SCORES, "lambda x: x <= 0.1"),
    "difference": (SCORES, "lambda x: x[[0]] - x[1:]"),
    "arithmetic": (SCORES, "lambda x: (x * 3.7 + 0.1) / 1.3 - 2"),
    "from-numbers": (SCORES, "lambda x: 1 - x / (2 + x * x)"),
    "negative": (SCORES, "lambda x: -x"),
    "absolute": (SCORES, "lambda x: torch.abs(x[[1]])"),
    "clamp": (SCORES, "lambda x: torch.clamp(x, min=-0.3, max=0.7)"),
    "logical": (MASKS, "lambda x: torch.where(torch.logical_and(x[[0]] > 0, torch.logical_not(x[[1]] > 0)), 3, x[[2]])"),
    "or": (MASKS, "lambda x: torch.logical_or(x[[0]] == 1, x[[1]] != 0)"),
    "where-of-channels": (SCORES, "lambda x: torch.where(x[0] > x[1], x, 0.0)"),
    "the-image": (SCORES, "lambda image: image"),
}


def lambdas() -> None:
    writer = Writer("Lambda")
    for case, ((name, data, affine), text) in CASES.items():
        answer = Lambda(func=eval(text, {"torch": torch, "np": np}))(tensor(data, affine))  # noqa: S307 - our own text
        writer.case(case, {
            "transform": "Lambda",
            "args": {"func": text},
            "input": writer.input(name, data, affine),
            "output": writer.output(case, answer, affine),
            "tolerance": 0,
        })


FOLDERS = {"Lambda": lambdas}
