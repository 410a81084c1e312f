"""Connecting to a host, as the main thread sees it: what is going on, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from .pace import WAIT, Pace
from .worker import Task, Worker


@dataclass(frozen=True)
class Connected:
    """What the client's thread brings back."""

    address: str
    #: The connection: handed to a run.
    host: Any
    workflows: tuple[Any, ...]
    #: A sentence for the user.
    verdict: str
    #: True for a host that this module started: it ends with its connection.
    local: bool = False


@dataclass(frozen=True)
class ConnectionState:
    """What to show."""

    #: `none`, `connecting`, `connected` or `refused`.
    phase: str = "none"
    address: str = ""
    #: A sentence for the user.
    verdict: str = "Not connected."
    workflows: tuple[Any, ...] = ()
    host: Any = None
    local: bool = False


class Connecting:
    """Connects on a thread. `client` does the talking (`client/calls.py`), `on_change` hears of each new state."""

    def __init__(self, client, on_change: Callable[[ConnectionState], None]) -> None:
        self._client = client
        self._on_change = on_change
        self._worker: Worker | None = None
        self.state = ConnectionState()

    @property
    def pace(self) -> Pace | None:
        """None when nothing goes on."""
        return None if self._worker is None else WAIT

    def connect(self, address: str, token: str, tls: bool | str = False) -> None:
        """Connects, and lists the workflows. A connection that was there is left."""
        address, token = address.strip(), token.strip()
        if not address:
            self.refuse(address, "Write the host's address: name:port.")
            return
        self._begin(lambda task: self._client.connect(address, token or None, tls, task), address, "Connecting …")

    def start_local(self) -> None:
        """Starts a host on this machine, and connects to it."""
        self._begin(self._client.start_local, "", "Starting a host on this computer …")

    def refresh(self) -> None:
        """Lists the workflows again."""
        state = self.state
        if state.host is not None and self._worker is None:
            self._worker = Worker(lambda task: self._client.refresh(state, task), "refresh")

    def refuse(self, address: str, sentence: str) -> None:
        """Says why there is nothing to connect with."""
        self._become(ConnectionState("refused", address, sentence))

    def tick(self) -> None:
        """Looks after the thread."""
        worker = self._worker
        if worker is None:
            return
        worker.give_time(WAIT.give_s)
        if worker.outcome is None:
            return
        self._worker = None
        kind, result = worker.outcome
        if kind == "done":
            made = (result.address, result.verdict, tuple(result.workflows), result.host, result.local)
            self._become(ConnectionState("connected", *made))
        elif kind == "failed":
            self._leave()
            self.refuse(self.state.address, self._client.verdict(result, self.state.address))
        else:
            self._become(ConnectionState())

    def close(self) -> None:
        """Leaves the host, and with it ends one that this module started. Does not wait for the network."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        self._leave()
        self.state = ConnectionState()

    def _begin(self, work: Callable[[Task], Connected], address: str, verdict: str) -> None:
        if self._worker is not None:
            self._worker.cancel()
        self._leave()
        self._worker = Worker(work, "connect")
        self._become(ConnectionState("connecting", address, verdict))

    def _leave(self) -> None:
        if self.state.host is not None:
            self._client.leave(self.state.host)

    def _become(self, state: ConnectionState) -> None:
        self.state = state
        self._on_change(state)
