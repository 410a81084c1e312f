"""What is done to a network's answer."""

import numpy as np
from monai.transforms import (
    Activations,
    AsDiscrete,
    FillHoles,
    KeepLargestConnectedComponent,
    LabelFilter,
    LabelToContour,
    RemoveSmallObjects,
)

from volumes import AFFINES, SIZES, labels, noise_labels, smooth_scores
from writer import TransformCases

OBLIQUE = AFFINES["oblique"]
LABELS = ("labels", labels("labels"), OBLIQUE)
MASK = ("mask", (labels("mask", count=1)), OBLIQUE)
NOISE = ("noise-labels", noise_labels("noise-labels"), OBLIQUE)
SCORES = ("scores", smooth_scores("scores", SIZES), OBLIQUE)
EMPTY = ("empty-mask", np.zeros((1, 8, 9, 7), np.float32), OBLIQUE)
FULL = ("full-mask", np.ones((1, 8, 9, 7), np.float32), OBLIQUE)


def one_hot(volume: tuple, count: int) -> tuple:
    name, data, affine = volume
    return (f"{name}-one-hot", np.concatenate([data == label for label in range(count + 1)]).astype(np.float32), affine)


def drawn(name: str, *boxes, sizes=(10, 9, 8)) -> tuple:
    """Boxes of labels: (label, low, high), the later over the earlier."""
    data = np.zeros((1, *sizes), np.float32)
    for label, low, high in boxes:
        data[(0, *[slice(a, b) for a, b in zip(low, high)])] = label
    return (name, data, OBLIQUE)


# Two pairs of equal size: which one stays is decided by numpy's argsort.
TIE = drawn("tie", (1, (0, 0, 0), (2, 2, 2)), (1, (5, 5, 5), (7, 7, 7)), (1, (8, 0, 6), (10, 2, 8)))
DIAGONAL = drawn("diagonal", (1, (0, 0, 0), (3, 3, 3)), (1, (3, 3, 3), (5, 5, 5)), (1, (5, 5, 4), (8, 6, 5)))
HOLLOW = drawn(
    "hollow",
    (1, (0, 0, 0), (5, 5, 5)), (0, (1, 1, 1), (4, 4, 4)), (2, (2, 2, 2), (3, 3, 3)),  # a label floating in a hole
    (2, (5, 0, 0), (9, 5, 5)), (0, (6, 1, 1), (8, 4, 4)),  # touches label 1
    (3, (5, 5, 4), (10, 9, 8)), (0, (6, 6, 5), (9, 8, 8)),  # open at the border
)
PINHOLE = drawn("pinhole", (1, (1, 1, 1), (6, 6, 6)), (0, (2, 2, 2), (5, 5, 5)), (0, (1, 1, 1), (2, 2, 2)))


def activations() -> None:
    cases = TransformCases(Activations)
    cases.add("softmax", SCORES, {"softmax": True}, 1e-6)
    cases.add("sigmoid", SCORES, {"sigmoid": True}, 1e-6)
    cases.add("softmax-and-sigmoid", SCORES, {"softmax": True, "sigmoid": True}, 1e-6)
    cases.add("none", SCORES, {})
    great = ("great-scores", SCORES[1] * 100, OBLIQUE)
    cases.add("softmax-of-great", great, {"softmax": True}, 1e-6)
    cases.add("sigmoid-of-great", great, {"sigmoid": True}, 1e-6)
    cases.add("softmax-of-one-channel", MASK, {"softmax": True})
    # Whole vectors, which torch computes alike wherever they lie.
    for channels in (2, 3, 14):
        even = (f"even-scores-{channels}", smooth_scores(f"even-scores-{channels}", (8, 8, 8), channels), OBLIQUE)
        cases.add(f"softmax-of-{channels}-to-the-last-bit", even, {"softmax": True})
        cases.add(f"sigmoid-of-{channels}-to-the-last-bit", even, {"sigmoid": True})


def as_discrete() -> None:
    cases = TransformCases(AsDiscrete)
    cases.add("argmax", SCORES, {"argmax": True})
    tied = ("tied-scores", np.round(SCORES[1] / 4), OBLIQUE)
    cases.add("argmax-of-ties", tied, {"argmax": True})
    cases.add("argmax-to-onehot", SCORES, {"argmax": True, "to_onehot": 3})
    cases.add("argmax-to-onehot-more", SCORES, {"argmax": True, "to_onehot": 5})
    cases.add("argmax-to-onehot-threshold", SCORES, {"argmax": True, "to_onehot": 3, "threshold": 0.5})
    cases.add("to-onehot", LABELS, {"to_onehot": 4})
    cases.add("threshold", SCORES, {"threshold": 0.5})
    at = ("halves", np.round(SCORES[1]) / 2, OBLIQUE)
    cases.add("threshold-met-exactly", at, {"threshold": 0.5})
    cases.add("threshold-rounding", SCORES, {"threshold": 0.5, "rounding": "torchrounding"}, raises=True)
    cases.add("rounding-of-halves", at, {"rounding": "torchrounding"})
    cases.add("none", SCORES, {})
    cases.add("nan", ("nan-scores", np.where(np.arange(SCORES[1].size).reshape(SCORES[1].shape) % 50 == 0,
                                             np.nan, SCORES[1]).astype(np.float32), OBLIQUE), {"argmax": True})
    cases.add("argmax-of-one-channel", MASK, {"argmax": True})


def keep_largest() -> None:
    cases = TransformCases(KeepLargestConnectedComponent)
    cases.add("default", LABELS, {})
    cases.add("noise", NOISE, {})
    cases.add("mask", MASK, {"applied_labels": [1]})
    cases.add("one-label", LABELS, {"applied_labels": [2]})
    cases.add("label-as-number", LABELS, {"applied_labels": 2})
    cases.add("absent-label", LABELS, {"applied_labels": [1, 9]})
    cases.add("union", LABELS, {"independent": False})
    cases.add("union-of-two", LABELS, {"applied_labels": [1, 3], "independent": False})
    for connectivity in (1, 2, 3):
        cases.add(f"connectivity-{connectivity}", LABELS, {"connectivity": connectivity})
        cases.add(f"diagonal-connectivity-{connectivity}", DIAGONAL, {"connectivity": connectivity})
        cases.add(f"noise-connectivity-{connectivity}", NOISE, {"connectivity": connectivity})
    for count in (2, 3, 50):
        cases.add(f"components-{count}", LABELS, {"num_components": count, "connectivity": 1})
    cases.add("tie", TIE, {})
    cases.add("tie-two", TIE, {"num_components": 2})
    hot = one_hot(LABELS, 3)
    cases.add("one-hot", hot, {})
    cases.add("one-hot-labels", hot, {"applied_labels": [1, 3]})
    cases.add("one-hot-union", hot, {"applied_labels": [1, 2, 3], "independent": False})
    cases.add("one-hot-said-so", one_hot(MASK, 1), {"is_onehot": True, "applied_labels": [1]})
    cases.add("one-channel-one-hot", MASK, {"is_onehot": True, "applied_labels": [0]})
    cases.add("empty", EMPTY, {"applied_labels": [1]})
    cases.add("full", FULL, {})
    cases.add("one-slice", ("slice-labels", labels("slice-labels", (14, 12, 1)), OBLIQUE), {})
    for dtype in ("uint8", "int16"):
        cases.add(dtype, (f"labels-{dtype}", LABELS[1].astype(dtype), OBLIQUE), {})


def fill_holes() -> None:
    cases = TransformCases(FillHoles)
    cases.add("default", HOLLOW, {})
    cases.add("one-label", HOLLOW, {"applied_labels": [1]})
    cases.add("two-labels", HOLLOW, {"applied_labels": [1, 2]})
    for connectivity in (1, 2, 3):
        cases.add(f"connectivity-{connectivity}", HOLLOW, {"connectivity": connectivity})
        cases.add(f"pinhole-connectivity-{connectivity}", PINHOLE, {"connectivity": connectivity})
    cases.add("labels", LABELS, {})
    cases.add("noise", NOISE, {})
    cases.add("mask", MASK, {"applied_labels": [1]})
    cases.add("dense-mask", ("dense", labels("dense", (12, 12, 10), 1, 0.8), OBLIQUE), {"applied_labels": [1]})
    cases.add("dense-connectivity-1", ("dense", labels("dense", (12, 12, 10), 1, 0.8), OBLIQUE), {"connectivity": 1})
    cases.add("one-hot", one_hot(HOLLOW, 3), {})
    cases.add("empty", EMPTY, {"applied_labels": [1]})
    cases.add("full", FULL, {})
    cases.add("one-slice", ("slice-dense", labels("slice-dense", (14, 12, 1), 1, 0.7), OBLIQUE), {})


def remove_small() -> None:
    cases = TransformCases(RemoveSmallObjects)
    cases.add("default", MASK, {})
    for size in (2, 5, 9, 27):
        cases.add(f"mask-{size}", MASK, {"min_size": size})
        cases.add(f"diagonal-{size}", DIAGONAL, {"min_size": size})
    cases.add("connectivity-3", DIAGONAL, {"min_size": 20, "connectivity": 3})
    cases.add("by-measure", MASK, {"min_size": 30, "by_measure": True})
    cases.add("by-measure-pixdim", MASK, {"min_size": 30, "by_measure": True, "pixdim": [1, 2, 3]})
    cases.add("labels", LABELS, {"min_size": 150})
    cases.add("one-hot", one_hot(LABELS, 3), {"min_size": 12})
    cases.add("one-hot-dependent", one_hot(LABELS, 3), {"min_size": 12, "independent_channels": False})
    cases.add("empty", EMPTY, {"min_size": 3})
    cases.add("full", FULL, {"min_size": 3})


def label_filter() -> None:
    cases = TransformCases(LabelFilter)
    cases.add("two", LABELS, {"applied_labels": [1, 3]})
    cases.add("one-number", LABELS, {"applied_labels": 2})
    cases.add("absent", LABELS, {"applied_labels": [7]})
    cases.add("with-background", NOISE, {"applied_labels": [0, 4]})
    cases.add("uint8", ("labels-uint8", LABELS[1].astype(np.uint8), OBLIQUE), {"applied_labels": [1, 2]})


def contours() -> None:
    cases = TransformCases(LabelToContour)
    cases.add("mask", MASK, {})
    cases.add("labels", LABELS, {})
    cases.add("noise", NOISE, {})
    cases.add("one-hot", one_hot(LABELS, 3), {})
    cases.add("one-slice", ("slice-labels", labels("slice-labels", (14, 12, 1)), OBLIQUE), {})
    cases.add("empty", EMPTY, {})
    cases.add("full", FULL, {})


FOLDERS = {
    "LabelToContour": contours,
    "Activations": activations,
    "AsDiscrete": as_discrete,
    "KeepLargestConnectedComponent": keep_largest,
    "FillHoles": fill_holes,
    "RemoveSmallObjects": remove_small,
    "LabelFilter": label_filter,
}
