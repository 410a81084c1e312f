"""How far an upload, a run, a download is: for a callback, a terminal, a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, Optional, Type

from .nouns import RunEvent


@dataclass(frozen=True)
class Progress:
    """Where a run is. `str(progress)` is a line for people."""

    #: `upload`, `queue`, `run` or `download`, in this order; what the host has already is not uploaded.
    phase: str
    #: Of the phase, 0 to 1; in the queue 0.
    fraction: float
    #: upload, download: the input or output. run: `read`, a transform's name, `network`, `write`.
    stage: str = ""
    #: upload, download: bytes. run: windows of the network; `total` 0 when a stage has no steps.
    done: int = 0
    total: int = 0
    #: queue: runs before this one.
    position: int = 0
    #: queue: seconds until it starts; run: seconds until its end; None when unknown.
    time_left_s: Optional[float] = None
    #: queue: it waits for its workflow being loaded.
    workflow_loading: bool = False
    #: The host's event, in the phases queue and run.
    event: Optional[RunEvent] = None

    def __str__(self) -> str:
        left = "" if self.time_left_s is None else f", {_duration(self.time_left_s)} left"
        if self.phase == "queue":
            what = "the workflow is being loaded" if self.workflow_loading else f"{self.position} before this run"
            return f"waiting: {what}{left}"
        if self.phase == "run":
            steps = f" {self.done}/{self.total}" if self.total else ""
            return f"{self.stage or 'starting'}{steps}: {self.fraction:.0%}{left}"
        return f"{self.phase} of {self.stage}: {self.done / 2**20:.0f} of {self.total / 2**20:.0f} MiB"


#: Called with each step. What it raises stops the run on the host and comes out of the call.
OnProgress = Callable[[Progress], None]


def progress_from_event(event: RunEvent) -> Optional[Progress]:
    """The host's event as progress; None for those that say nothing of it."""
    if event.kind == "queued":
        return Progress(
            "queue",
            0.0,
            position=event.position,
            time_left_s=event.estimated_wait_s,
            workflow_loading=event.workflow_loading,
            event=event,
        )
    if event.kind == "started":
        return Progress("run", 0.0, event=event)
    if event.kind == "progress":
        return Progress(
            "run", event.fraction, event.stage, event.step, event.step_count, time_left_s=event.time_left_s, event=event
        )
    return Progress("run", 1.0, "done", event=event) if event.kind == "succeeded" else None


class ProgressBar:
    """A bar in a terminal or notebook by tqdm: `with ProgressBar() as bar: host.run(…, on_progress=bar)`."""

    def __init__(self, title: str = "") -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError as error:
            raise ImportError('A progress bar needs tqdm: pip install "voxhost[progress]"') from error
        self._title = title
        self._bar: Any = tqdm(total=100, desc=title, leave=True, bar_format="{l_bar}{bar}| {postfix}")

    def __call__(self, progress: Progress) -> None:
        self._bar.n = round(100 * progress.fraction)
        self._bar.set_postfix_str(str(progress), refresh=True)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._bar.close()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
