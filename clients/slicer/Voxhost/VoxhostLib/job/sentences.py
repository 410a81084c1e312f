"""Progress in words: stage, place in the queue, time left. Pure."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Such as `8 s`, `2 min 05 s`, `1 h 10 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def short_duration(seconds: float) -> str:
    """As `duration`, with tenths below ten seconds: `0.8 s`."""
    return f"{seconds:.1f} s" if seconds < 10 else duration(seconds)


def size(size_bytes: int) -> str:
    """Such as `6.8 MiB`."""
    return f"{size_bytes / 2**20:.1f} MiB"


def queued(position: int, wait_s: float | None, workflow_loading: bool) -> str:
    """A run that waits."""
    if workflow_loading:
        return "Waiting for the workflow to load"
    runs = "1 run" if position == 1 else f"{position} runs"
    place = "Next in the queue" if position <= 0 else f"{runs} before this one"
    return place if wait_s is None else f"{place}, about {duration(wait_s)}"


def computing(stage: str, step: int, step_count: int, left_s: float | None) -> str:
    """A run that computes."""
    words = {"read": "Reading", "network": "Network", "write": "Writing"}.get(stage, stage or "Starting")
    parts = [words]
    if step_count > 1:
        parts.append(f"{step} of {step_count}")
    text = " ".join(parts)
    return text if left_s is None else f"{text}, {duration(left_s)} left"


def outcome(done: int, of: int, failed: list[str]) -> str:
    """How a request ended."""
    if of == 1:
        return "Done." if not failed else failed[0]
    text = f"{done} of {of} done."
    return text if not failed else f"{text} {len(failed)} failed: {failed[0]}"
