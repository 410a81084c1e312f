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
    "methods": (SCORES, "lambda x: x.abs().clamp(min=0.1).to(torch.float32) * 2"),
    "cast-of-a-comparison": (SCORES, "lambda x: (x > 0.1).float() + (x < -0.2).to(torch.uint8)"),
    "truncated": (SCORES, "lambda x: (x * 7.3).int()"),
    "labels-together": (SCORES, "lambda x: ((x > 0.5) | (x < -0.5)) & ~(x[[0]] > 1)"),
    "argmax": (SCORES, "lambda x: torch.argmax(x, dim=0, keepdim=True)"),
    "argmax-method": (SCORES, "lambda x: x.argmax(0, keepdim=True)"),
    "mean-of-channels": (SCORES, "lambda x: x.mean(dim=0, keepdim=True)", 1e-7),
    "sum-of-channels": (SCORES, "lambda x: torch.sum(x, 0, True)", 3e-7),
    "softmax": (SCORES, "lambda x: torch.softmax(x, dim=0)", 1e-7),
    "sigmoid": (SCORES, "lambda x: torch.sigmoid(x * 2)", 1e-7),
    "tanh": (SCORES, "lambda x: 3 * torch.tanh(x / 3)", 5e-7),
    "logarithm": (SCORES, "lambda x: torch.log(1 + torch.abs(x)) + torch.exp(-x)", 5e-6),
    "powers": (SCORES, "lambda x: x ** 2 + torch.sqrt(x.abs()) + torch.pow(x, 3)", 5e-6),
    "roots-and-rounding": (SCORES, "lambda x: torch.round(x * 3) + x.floor() - torch.ceil(x) * torch.sign(x)", 1e-6),
    "least-and-greatest": (SCORES, "lambda x: (x - x.min()) / (x.max() - x.min())", 1e-7),
    "deviations": (SCORES, "lambda x: (x - x.mean()) / x.std()", 2e-6),
    "deviations-of-a-channel": (SCORES, "lambda x: x / torch.relu(x[[1]]).sum() * 100", 2e-6),
    "bounds": (SCORES, "lambda x: torch.maximum(x, x[[0]]) - torch.minimum(x, torch.abs(x))"),
    "not-finite-clamped": (not_finite(), "lambda x: x.clip(-100, 200)"),
}


def lambdas() -> None:
    writer = Writer("Lambda")
    for case, ((name, data, affine), text, *tolerance) in CASES.items():
        answer = Lambda(func=eval(text, {"torch": torch, "np": np}))(tensor(data, affine))  # noqa: S307 - our own text
        writer.case(case, {
            "transform": "Lambda",
            "args": {"func": text},
            "input": writer.input(name, data, affine),
            "output": writer.output(case, answer, affine),
            "tolerance": tolerance[0] if tolerance else 0,
        })


FOLDERS = {"Lambda": lambdas}
