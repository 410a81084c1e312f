"""How often the main thread looks after the worker, and how long it lets it run each time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """A timer's interval, and the part of each tick in which the thread has Python to itself."""

    interval_ms: int
    give_s: float


#: Voxels are on the way: half of the time is the thread's. Measured in benchmarks/README.md.
TRANSFER = Pace(interval_ms=10, give_s=0.005)

#: The host computes or the run waits: a little time is enough to hear of it.
WAIT = Pace(interval_ms=40, give_s=0.002)
