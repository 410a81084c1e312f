"""One timer that looks after all that goes on, at the pace of the most hurried, and stands still when nothing does."""

from __future__ import annotations

from typing import Protocol

from .pace import Pace


class Activity(Protocol):
    """Something that goes on."""

    @property
    def pace(self) -> Pace | None:
        """How often it wants to be looked after; None when nothing goes on."""

    def tick(self) -> None:
        """Looks after it. Must take milliseconds."""


class Loop:
    """Ticks activities by a timer that has `setInterval`, `start`, `stop` and a `timeout` signal (`qt.QTimer`)."""

    def __init__(self, timer) -> None:
        self._timer = timer
        self._activities: list[Activity] = []
        self._interval_ms = 0
        timer.timeout.connect(self.tick)

    def add(self, activity: Activity) -> None:
        """From now on the activity is looked after. Call `wake` when it has begun something."""
        self._activities.append(activity)

    def wake(self) -> None:
        """Starts the timer, or sets it to what is wanted now."""
        paces = [pace for pace in (activity.pace for activity in self._activities) if pace is not None]
        wanted_ms = min((pace.interval_ms for pace in paces), default=0)
        if wanted_ms == self._interval_ms:
            return
        self._interval_ms = wanted_ms
        self._timer.stop()
        if wanted_ms:
            self._timer.setInterval(wanted_ms)
            self._timer.start()

    def tick(self) -> None:
        """Looks after each activity once."""
        for activity in self._activities:
            if activity.pace is not None:
                activity.tick()
        self.wake()

    def stop(self) -> None:
        """Ends the timer for good."""
        self._activities = []
        self._timer.stop()
