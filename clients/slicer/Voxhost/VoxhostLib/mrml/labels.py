"""Label maps as the scene wants them: values 1 to N, one for each segment. numpy only: made on the job's thread.

Works in slabs, so that no single numpy call holds the interpreter for long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .geometry import voxel_volume_ml

SLAB_VOXELS = 1024 * 1024

#: Values that no segment is declared for become segments of their own, up to so many.
MAX_UNDECLARED = 250

#: Colours (sRGB, 0 to 255) for segments that come without one.
PALETTE = (
    (128, 174, 128),
    (241, 214, 145),
    (177, 122, 101),
    (111, 184, 210),
    (216, 101, 79),
    (221, 130, 101),
    (144, 238, 144),
    (192, 104, 88),
    (220, 245, 20),
    (78, 63, 0),
)


@dataclass(frozen=True)
class LabelSegment:
    """A segment as the scene shows it."""

    #: Stable: the same output and value give the same id on each run.
    segment_id: str
    value: int
    name: str
    #: Red, green, blue, each 0 to 1.
    color: tuple[float, float, float]
    #: Text of the segment's terminology tag; empty for none.
    terminology_entry: str
    voxel_count: int
    volume_ml: float


@dataclass(frozen=True)
class DenseLabels:
    """A label map whose n-th segment (from 1) has value n, cut down to the box that holds them all."""

    #: (k, j, i) of uint8 or uint16, C-contiguous. Not empty: a map without a label keeps one voxel.
    voxels: np.ndarray
    #: Where `voxels` starts in the whole map, in voxels along i, j, k.
    offset_ijk: tuple[int, int, int]
    #: Sizes of the whole map along i, j, k.
    sizes_ijk: tuple[int, int, int]
    #: Index to LPS millimetres of the whole map.
    index_to_lps: np.ndarray
    segments: tuple[LabelSegment, ...]


def make_dense(labels: np.ndarray, index_to_lps: np.ndarray, output: str, declared, entry_of) -> DenseLabels:
    """Makes a label map dense.

    `labels` is (k, j, i) of an integer type; `declared` are the workflow's segments (`value`, `name`, `color`,
    `terminology`, and `voxel_count` when the host has counted); `entry_of` turns a segment's terminology into the tag's
    text. Raises `ValueError` for values that are no labels.
    """
    highest = _check_values(labels)
    counts = _known_counts(declared, highest)
    if counts is None:
        counts = _count_values(labels, highest)
    segments = _segments(counts, output, declared, entry_of, voxel_volume_ml(index_to_lps))
    box = _bounding_box(labels)
    return DenseLabels(
        voxels=_renumbered(labels[box], segments, highest),
        offset_ijk=tuple(part.start for part in reversed(box)),
        sizes_ijk=tuple(int(size) for size in reversed(labels.shape)),
        index_to_lps=index_to_lps,
        segments=tuple(segments),
    )


def _check_values(labels: np.ndarray) -> int:
    """The highest label."""
    if labels.ndim != 3 or labels.dtype.kind not in "iub":
        raise ValueError(f"A label map is three axes of whole numbers; this one is {labels.ndim} of {labels.dtype}.")
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or highest > 65535:
        raise ValueError(f"Labels go from 0 to 65535; this map has {lowest if lowest < 0 else highest}.")
    return highest


def _known_counts(declared, highest: int) -> np.ndarray | None:
    """The host's own counts, when no value can be there that it did not count; else None."""
    counted = {one.value: getattr(one, "voxel_count", None) for one in declared}
    if any(counted.get(value) is None for value in range(1, highest + 1)):
        return None
    return np.array([0, *(counted[value] for value in range(1, highest + 1))], dtype=np.int64)


def _count_values(labels: np.ndarray, highest: int) -> np.ndarray:
    """How often each value occurs: an array with one entry a value, from 0."""
    counts = np.zeros(highest + 1, dtype=np.int64)
    flat = labels.reshape(-1)
    for start in range(0, flat.size, SLAB_VOXELS):
        counts += np.bincount(flat[start : start + SLAB_VOXELS], minlength=highest + 1)
    return counts


def _renumbered(labels: np.ndarray, segments: list[LabelSegment], highest: int) -> np.ndarray:
    """Labels with the n-th segment's value made n; contiguous."""
    kind = np.uint8 if len(segments) < 256 else np.uint16
    if labels.dtype == kind and [one.value for one in segments] == list(range(1, len(segments) + 1)):
        return np.ascontiguousarray(labels)
    table = np.zeros(highest + 1, dtype=kind)
    for number, segment in enumerate(segments, start=1):
        if segment.value <= highest:
            table[segment.value] = number
    dense = np.empty(labels.shape, dtype=kind)
    for source, target in zip(labels, dense):
        np.take(table, source, out=target, mode="clip")
    return dense


def _segments(counts: np.ndarray, output: str, declared, entry_of, one_voxel_ml: float) -> list[LabelSegment]:
    def segment(value: int, name: str, color, entry: str) -> LabelSegment:
        count = int(counts[value]) if value < len(counts) else 0
        return LabelSegment(f"{output}_{value}", value, name, color, entry, count, count * one_voxel_ml)

    segments = []
    for one in declared:
        if one.value == 0:
            continue
        # Black is what the wire has for a colour that was not given.
        color = tuple(part / 255 for part in (one.color if any(one.color) else PALETTE[one.value % len(PALETTE)]))
        segments.append(segment(one.value, one.name or f"Label {one.value}", color, entry_of(one.terminology)))
    known = {one.value for one in segments}
    undeclared = [int(value) for value in np.flatnonzero(counts) if value != 0 and int(value) not in known]
    for value in undeclared[:MAX_UNDECLARED]:
        color = tuple(part / 255 for part in PALETTE[value % len(PALETTE)])
        segments.append(segment(value, f"Label {value}", color, ""))
    return segments


def _bounding_box(labels: np.ndarray) -> tuple[slice, slice, slice]:
    """The box (k, j, i) that holds all labels; one voxel when there is none."""
    slices = np.zeros(labels.shape[0], dtype=bool)
    rows = np.zeros(labels.shape[1], dtype=bool)
    columns = np.zeros(labels.shape[2], dtype=bool)
    for number, plane in enumerate(labels):
        along_i = plane.max(axis=0) > 0
        slices[number] = along_i.any()
        if slices[number]:
            columns |= along_i
            rows |= plane.max(axis=1) > 0
    if not slices.any():
        return (slice(0, 1), slice(0, 1), slice(0, 1))
    return tuple(slice(int(at[0]), int(at[-1]) + 1) for at in map(np.flatnonzero, (slices, rows, columns)))
