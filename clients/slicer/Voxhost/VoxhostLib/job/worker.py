"""A thread that does one piece of work, and the queue over which the main thread hears of it.

The work never touches the scene or Qt: it gets plain data, and says what happens with `tell`.
"""

from __future__ import annotations

import queue
import sys
import threading
from typing import Any, Callable

#: How long a thread keeps Python's lock from the main thread when that wants it back.
SWITCH_INTERVAL_S = 0.0005


class Cancelled(Exception):
    """The work was asked to stop, and did."""


class Task:
    """The work's view of itself: handed to it, used on its thread."""

    def __init__(self) -> None:
        self._messages: queue.SimpleQueue = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        #: Set when the work shall stop.
        self.cancelled = threading.Event()

    def tell(self, message: Any) -> None:
        """Sends a message to the main thread. Ignored once the work was cancelled."""
        if not self.cancelled.is_set():
            self._messages.put(message)

    def check(self) -> None:
        """Raises `Cancelled` when the work shall stop."""
        if self.cancelled.is_set():
            raise Cancelled

    def stop_with(self, stop: Callable[[], None] | None) -> None:
        """`stop` ends what the work waits for now; called at once when it shall stop already. It must not block."""
        with self._lock:
            self._stop = stop
            asked = self.cancelled.is_set()
        if asked and stop is not None:
            stop()

    def _cancel(self) -> None:
        with self._lock:
            self.cancelled.set()
            stop = self._stop
        if stop is not None:
            stop()


class Worker:
    """Runs `work(task)` on a daemon thread. All methods are for the main thread."""

    def __init__(self, work: Callable[[Task], Any], name: str) -> None:
        self._task = Task()
        self._outcome: tuple[str, Any] | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name=f"voxhost-{name}", daemon=True)
        self._thread.start()

    def give_time(self, seconds: float) -> None:
        """Waits for the thread without the global lock, for so long at most: this is when it gets to run.

        Several threads then want the lock: this one, gRPC's, and the main thread back. Each would keep it for Python's
        switch interval (5 ms); for this time it is a shorter one, so that the main thread is back soon.
        """
        usual_s = sys.getswitchinterval()
        sys.setswitchinterval(min(usual_s, SWITCH_INTERVAL_S))
        try:
            self._thread.join(seconds)
        finally:
            sys.setswitchinterval(usual_s)

    def take_messages(self) -> list[Any]:
        """What the work has told since the last call, in order."""
        messages = []
        while True:
            try:
                messages.append(self._task._messages.get_nowait())
            except queue.Empty:
                return messages

    @property
    def outcome(self) -> tuple[str, Any] | None:
        """`('done', result)`, `('failed', exception)`, `('cancelled', None)`, or None while it works."""
        return None if self._thread.is_alive() else self._outcome

    def cancel(self) -> None:
        """Asks the work to stop. Returns at once."""
        self._task._cancel()

    def _run(self, work: Callable[[Task], Any]) -> None:
        try:
            outcome = ("done", work(self._task))
        except Cancelled:
            outcome = ("cancelled", None)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread shall hear of it
            outcome = ("cancelled", None) if self._task.cancelled.is_set() else ("failed", error)
        self._outcome = outcome
