"""A request as the main thread sees it: copy the voxels out, have them worked on, put the results in; item by item."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any, Callable

from . import sentences
from .items import Item, Request
from .pace import TRANSFER, WAIT, Pace
from .worker import Worker

#: A host that does not answer a cancel is waited for so long; then the thread is left to itself.
CANCEL_PATIENCE_S = 5.0

#: How long one tick copies voxels.
COPY_BUDGET_S = 0.006


@dataclass(frozen=True)
class Progress:
    """What the thread tells. `phase` is `sending`, `queued`, `computing` or `receiving`."""

    phase: str
    text: str
    #: 0 to 1 of the phase; None when it cannot be said.
    fraction: float | None = None


@dataclass(frozen=True)
class RunState:
    """What to show."""

    busy: bool = False
    cancelling: bool = False
    text: str = ""
    fraction: float | None = None
    #: Which item, when there are several: `2 of 5: head`.
    item: str = ""
    #: `succeeded`, `failed` or `cancelled` once a request has ended.
    ended: str = ""


class Running:
    """Works through a request, one item after the other.

    `client` does the talking (`client/calls.py`), `scene_side` reads and writes the scene (`mrml/scene_side.py`),
    `on_change` hears of each new state.
    """

    def __init__(self, client, scene_side, on_change: Callable[[RunState], None]) -> None:
        self._client = client
        self._scene_side = scene_side
        self._on_change = on_change
        self._host: Any = None
        self._request: Request | None = None
        self._number = 0
        self._failures: list[str] = []
        self._phase = ""
        self._snapshots: dict[str, Any] = {}
        self._voxels: dict[str, Any] = {}
        self._worker: Worker | None = None
        self._watch: Any = None
        #: Why this item cannot go on: a node went away.
        self._gone = ""
        #: The whole request is to stop.
        self._stopping = False
        self._abandon_at = 0.0
        self.state = RunState()

    @property
    def pace(self) -> Pace | None:
        """None when nothing goes on."""
        if self._request is None:
            return None
        return WAIT if self._phase in ("queued", "computing") else TRANSFER

    def start(self, host, request: Request) -> None:
        """Begins a request. Raises `RuntimeError` when one is under way, `ValueError` when it has no item."""
        if self._request is not None:
            raise RuntimeError("A request is under way.")
        if not request.items:
            raise ValueError("Choose a volume first.")
        self._host, self._request = host, request
        self._number, self._failures, self._stopping = 0, [], False
        self._begin_item()

    def cancel(self, sentence: str = "") -> None:
        """Stops the request: by the user, or for the reason given. Returns at once; the state says when it has ended."""
        if self._request is None or self._stopping:
            return
        self._stopping = True
        self._gone = sentence
        self._interrupt()
        self._become(replace(self.state, cancelling=True, text="Cancelling …", fraction=None))

    def tick(self) -> None:
        """Looks after the item that is worked on. Whatever goes wrong fails the item, not the module."""
        try:
            if self._worker is not None:
                self._tick_worker(self._worker)
            elif self._stopping or self._gone:
                self._end_item(self._gone)
            else:
                self._tick_copy()
        except Exception as error:  # noqa: BLE001
            self._end_item(self._client.verdict(error, ""))

    # Copying

    def _begin_item(self) -> None:
        item = self._item
        self._phase, self._gone, self._snapshots, self._voxels = "copying", "", {}, {}
        self._become(RunState(busy=True, text="Reading the volume", fraction=0.0, item=self._item_text()))
        missing = self._scene_side.missing(item)
        if missing:
            self._gone = f"{missing} is not in the scene any more."
            return
        self._watch = self._scene_side.watch(item, self._node_gone)

    def _tick_copy(self) -> None:
        for name, nodes in self._item.inputs.items():
            if name in self._voxels:
                continue
            if name not in self._snapshots:
                self._snapshots[name] = self._scene_side.snapshot(nodes)
            voxels = self._snapshots[name].step(COPY_BUDGET_S)
            if voxels is None:
                self._become(replace(self.state, fraction=self._snapshots[name].fraction))
                return
            self._voxels[name] = voxels
        client, host, request, voxels = self._client, self._host, self._request, self._voxels
        self._snapshots, self._voxels = {}, {}
        self._phase, self._abandon_at = "sending", 0.0
        self._worker = Worker(lambda task: client.run(host, request.workflow, voxels, request.parameters, task), "run")

    # Working

    def _tick_worker(self, worker: Worker) -> None:
        worker.give_time(self.pace.give_s)
        for message in worker.take_messages():
            self._phase = message.phase
            if not self._stopping:
                self._become(replace(self.state, text=message.text, fraction=message.fraction))
        if worker.outcome is None:
            if self._abandon_at and time.monotonic() > self._abandon_at:
                self._worker = None
                self._end_item(self._gone)
            return
        self._worker = None
        kind, result = worker.outcome
        if self._stopping or self._gone or kind == "cancelled":
            self._end_item(self._gone)
        elif kind == "failed":
            self._end_item(self._client.verdict(result, ""))
        else:
            self._unwatch()  # what is put in must not be taken for something that goes away
            self._scene_side.place(self._request.workflow, self._item, result)
            self._end_item("")

    def _node_gone(self, sentence: str, everything: bool) -> None:
        if everything:
            self.cancel(sentence)
        elif not self._stopping:
            self._gone = sentence
            self._interrupt()

    def _interrupt(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
            self._abandon_at = time.monotonic() + CANCEL_PATIENCE_S

    # Ending

    def _end_item(self, failure: str) -> None:
        """Ends the item, for the reason given or with its result in the scene, and begins the next."""
        self._unwatch()
        self._snapshots, self._voxels = {}, {}
        if failure:
            self._failures.append(failure)
        if not self._stopping and self._number + 1 < len(self._request.items):
            self._number += 1
            self._begin_item()
            return
        of, done = len(self._request.items), self._number + 1 - len(self._failures)
        stopped, failures = self._stopping, self._failures
        self._request = self._host = None
        if stopped:
            self._become(RunState(text=failures[-1] if failures else "Cancelled.", ended="cancelled"))
        else:
            self._become(RunState(text=sentences.outcome(done, of, failures), ended="failed" if failures else "succeeded"))

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    @property
    def _item(self) -> Item:
        return self._request.items[self._number]

    def _item_text(self) -> str:
        count = len(self._request.items)
        return "" if count == 1 else f"{self._number + 1} of {count}: {self._scene_side.name_of(self._item)}"

    def _become(self, state: RunState) -> None:
        self.state = state
        self._on_change(state)
