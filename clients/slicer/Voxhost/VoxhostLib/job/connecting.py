"""Connecting to a host, as the main thread sees it: what is going on, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Callable

from .pace import WAIT, Pace
from .worker import Task, Worker


@dataclass(frozen=True)
class ConnectionState:
    """What to show."""

    #: `none`, `connecting`, `connected` or `refused`.
    phase: str = "none"
    address: str = ""
    #: A sentence for the user.
    verdict: str = "Not connected."
    workflows: tuple[Any, ...] = ()
    #: What the client gave: handed to a run.
    host: Any = None
    #: True for a host that this module started.
    local: bool = False


class Connecting:
    """Connects on a thread. `client` does the talking (see `client/calls.py`), `on_change` hears of each new state."""

    def __init__(self, client, on_change: Callable[[ConnectionState], None]) -> None:
        self._client = client
        self._on_change = on_change
        self._worker: Worker | None = None
        self._local_host: Any = None
        self.state = ConnectionState()

    @property
    def pace(self) -> Pace | None:
        """None when nothing goes on."""
        return None if self._worker is None else WAIT

    def connect(self, address: str, token: str) -> None:
        """Connects, and lists the workflows. A connection that was there is left."""
        address = address.strip()
        if not address:
            self._become(ConnectionState(phase="refused", verdict="Write the host's address: name:port."))
            return
        self._begin(lambda task: self._client.connect(address, token.strip() or None, task), address, "Connecting …")

    def refuse(self, address: str, sentence: str) -> None:
        """Says why there is nothing to connect with."""
        self._become(ConnectionState("refused", address, sentence))

    def start_local(self) -> None:
        """Starts a host on this machine, and connects to it."""
        self._begin(self._start_local, "", "Starting a host on this computer …")

    def refresh(self) -> None:
        """Lists the workflows again."""
        host = self.state.host
        if host is None or self._worker is not None:
            return
        self._worker = Worker(lambda task: (self.state.address, host, self._client.workflows(host)), "refresh")

    def tick(self) -> None:
        """Looks after the thread."""
        worker = self._worker
        if worker is None or self.pace is None:
            return
        worker.give_time(self.pace.give_s)
        for message in worker.take_messages():
            self._become(replace(self.state, verdict=message))
        if worker.outcome is None:
            return
        self._worker = None
        kind, result = worker.outcome
        if kind == "done":
            address, host, workflows = result
            verdict = self._client.describe(host, workflows)
            local = self._local_host is not None and self._local_host.address == address
            self._become(ConnectionState("connected", address, verdict, tuple(workflows), host, local))
        elif kind == "failed":
            verdict = self._client.verdict(result, self.state.address)
            self._become(ConnectionState("refused", self.state.address, verdict))
        else:
            self._become(ConnectionState())

    def close(self) -> None:
        """Leaves the host, and ends the one that this module started. Does not wait for the network."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        host, local = self.state.host, self._local_host
        self._local_host = None
        self.state = ConnectionState()
        if host is not None or local is not None:
            self._client.leave(host, local)

    def _start_local(self, task: Task):
        if self._local_host is None or not self._local_host.running:
            self._local_host = self._client.start_local(task)
        return self._client.connect(self._local_host.address, self._local_host.token, task)

    def _begin(self, work: Callable[[Task], Any], address: str, verdict: str) -> None:
        if self._worker is not None:
            self._worker.cancel()
        if self.state.host is not None:
            self._client.leave(self.state.host, None)
        self._worker = Worker(work, "connect")
        self._become(ConnectionState("connecting", address, verdict))

    def _become(self, state: ConnectionState) -> None:
        self.state = state
        self._on_change(state)
