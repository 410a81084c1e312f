"""Stop: a switch that ends a call from another thread, as a Cancel button does."""

from __future__ import annotations

import threading
from typing import Callable, Dict


class Stop:
    """Give it to a blocking call as `stop=`; `set()` from any thread ends the call, and its run on the host."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._listeners: Dict[object, Callable[[], object]] = {}

    def set(self) -> None:
        """Stops. Once is enough; there is no way back."""
        with self._lock:
            self._event.set()
            listeners = list(self._listeners.values())
        for listener in listeners:
            listener()

    @property
    def is_set(self) -> bool:
        """Whether it was asked to stop."""
        return self._event.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Waits for `set()`; True when it came."""
        return self._event.wait(timeout_s)

    def listen(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Calls a listener at `set()`, at once if that has been. The result takes it away."""
        key = object()
        with self._lock:
            self._listeners[key] = listener
            already = self._event.is_set()
        if already:
            listener()
        return lambda: self._forget(key)

    def _forget(self, key: object) -> None:
        with self._lock:
            self._listeners.pop(key, None)
