"""Copies voxels out of the scene without holding the main thread: a few milliseconds at a time.

The copy is the volume at one moment: when the image changes while it is taken, it is begun again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from .volumes import VolumeFacts, read_facts, scalars_of

#: Bytes between two looks at the clock: about a millisecond of copying into fresh memory.
PIECE_BYTES = 1024 * 1024

#: A volume that changes all the time (a live stream) is copied in one go after so many beginnings.
MAX_BEGINNINGS = 4


class VolumeGone(Exception):
    """The volume, or its image, is not in the scene any more."""


@dataclass(frozen=True)
class Voxels:
    """A volume outside of the scene: safe to read from any thread."""

    #: (k, j, i), (k, j, i, component) or, for channels from several volumes, (channel, k, j, i); C-contiguous, so that
    #: i is the fastest in memory.
    array: np.ndarray
    #: Whether the last axis of `array` is the components of a voxel.
    has_components: bool
    facts: VolumeFacts


class Snapshot:
    """Copies the given nodes, one a channel. Call `step` until it returns the voxels."""

    def __init__(self, volume_nodes) -> None:
        self._nodes = list(volume_nodes)
        self._facts = [self._facts_of(node) for node in self._nodes]
        self._beginnings = 0
        self._begin()

    @property
    def beginnings(self) -> int:
        """How often the copy was begun: 1 when the image stood still."""
        return self._beginnings

    @property
    def fraction(self) -> float:
        """How much is copied, 0 to 1."""
        return self._at / self._target.size

    def step(self, budget_s: float = 0.005) -> Voxels | None:
        """Copies for about `budget_s` seconds. Returns the voxels when all is there. Raises `VolumeGone`."""
        ends_at = time.monotonic() + budget_s
        while self._at < self._target.size:
            whole = self._beginnings >= MAX_BEGINNINGS
            self._copy(self._target.size if whole else max(1, PIECE_BYTES // self._target.itemsize))
            if time.monotonic() >= ends_at:
                break
        if self._at < self._target.size:
            return None
        if self._beginnings < MAX_BEGINNINGS and self._stamps != [self._stamp(node) for node in self._nodes]:
            self._facts = [self._facts_of(node) for node in self._nodes]
            self._begin()
            return None
        has_components = len(self._nodes) == 1 and self._facts[0].components > 1
        return Voxels(self._target.reshape(self._shape), has_components, self._facts[0])

    def _begin(self) -> None:
        self._beginnings += 1
        self._at = 0
        self._stamps = [self._stamp(node) for node in self._nodes]
        sources = [self._source(node) for node in self._nodes]
        self._shape = sources[0].shape if len(sources) == 1 else (len(sources), *sources[0].shape)
        kind = np.result_type(*sources)
        self._target = np.empty(sum(source.size for source in sources), dtype=kind)

    def _copy(self, count: int) -> None:
        """Copies the next `count` components, at most to the end of one node."""
        each = self._target.size // len(self._nodes)
        number, start = divmod(self._at, each)
        source = self._source(self._nodes[number]).reshape(-1)
        if source.size != each:
            self._facts = [self._facts_of(node) for node in self._nodes]
            self._begin()
            return
        stop = min(start + count, each)
        np.copyto(self._target[self._at : self._at + stop - start], source[start:stop])
        self._at += stop - start

    @staticmethod
    def _facts_of(node) -> VolumeFacts:
        facts = read_facts(node)
        if facts is None:
            raise VolumeGone(f"{node.GetName() or 'The volume'} has no image.")
        return facts

    @staticmethod
    def _source(node) -> np.ndarray:
        voxels = scalars_of(node)
        if voxels is None:
            raise VolumeGone(f"{node.GetName() or 'The volume'} has no image any more.")
        return voxels

    @staticmethod
    def _stamp(node) -> tuple:
        # The image itself, not its id: Python's object for it is made anew once nobody holds it.
        image = node.GetImageData()
        return (image, image.GetMTime(), image.GetPointData().GetScalars().GetMTime())
