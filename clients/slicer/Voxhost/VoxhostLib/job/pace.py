"""How often the main thread looks after the worker, and how long it lets it run each time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """A timer's interval, and the part of each tick in which the thread has Python to itself."""

    interval_ms: int
    give_s: float


#: Voxels are on the way: most of the time is the thread's, and a click waits for one tick at most, some 10 ms.
TRANSFER = Pace(interval_ms=1, give_s=0.008)

#: The host computes or the run waits: a little time is enough to hear of it.
WAIT = Pace(interval_ms=40, give_s=0.002)
