"""Runs and their events as the client's nouns. Pure."""

from __future__ import annotations

from typing import Optional

from ..nouns import Run, RunError, RunEvent, RunOutput, StageTiming
from ..v1 import run_service_pb2 as runs
from . import from_wire

#: google.rpc.Code by number.
CODES = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
]


def code_name(code: int) -> str:
    """The name of a gRPC status code; INTERNAL for one that the protocol does not use."""
    name = CODES[code] if 0 <= code < len(CODES) else "INTERNAL"
    return "INTERNAL" if name in ("OK", "UNKNOWN") else name


def run(message: runs.Run) -> Run:
    """`Run`."""
    parameters = {name: from_wire.parameter_value(value) for name, value in message.parameters.items()}
    return Run(
        name=message.name,
        workflow=message.workflow,
        inputs=dict(message.inputs),
        parameters={name: value for name, value in parameters.items() if value is not None},
        state=runs.RunState.Name(message.state)[len("RUN_STATE_") :].lower(),
        outputs={one.name: output(one) for one in message.outputs},
        error=_error(message.error) if message.HasField("error") else None,
        create_time=from_wire.moment(message, "create_time"),
        start_time=from_wire.moment(message, "start_time"),
        end_time=from_wire.moment(message, "end_time"),
        timings=tuple(StageTiming(one.stage, from_wire.seconds(one, "duration") or 0.0) for one in message.timings),
        request_id=message.request_id,
    )


def output(message: runs.RunOutput) -> RunOutput:
    """`RunOutput`."""
    return RunOutput(
        name=message.name,
        kind=from_wire.output_kind(message.kind),
        volume=from_wire.volume(message.volume),
        segments=tuple(from_wire.segment(one.segment, one.voxel_count, one.volume_ml) for one in message.segments),
    )


def _error(message: runs.RunError) -> RunError:
    return RunError(code_name(message.code), message.reason, message.message, dict(message.metadata))


def event(message: runs.RunEvent) -> Optional[RunEvent]:
    """`RunEvent`; None for a kind that this client does not know yet."""
    kind = message.WhichOneof("event")
    sequence, name, time = message.sequence, message.run, from_wire.moment(message, "time")
    if kind == "queued":
        return RunEvent(
            sequence,
            name,
            kind,
            time,
            position=message.queued.position,
            estimated_wait_s=from_wire.seconds(message.queued, "estimated_wait"),
            workflow_loading=message.queued.workflow_loading,
        )
    if kind == "started":
        return RunEvent(sequence, name, kind, time, device=message.started.device)
    if kind == "progress":
        progress = message.progress
        return RunEvent(
            sequence,
            name,
            kind,
            time,
            stage=progress.stage,
            step=progress.step,
            step_count=progress.step_count,
            fraction=progress.fraction,
            time_left_s=from_wire.seconds(progress, "time_left"),
        )
    if kind == "output_ready":
        return RunEvent(sequence, name, kind, time, output=output(message.output_ready.output))
    if kind == "succeeded":
        return RunEvent(sequence, name, kind, time, result=run(message.succeeded.run))
    if kind == "failed":
        return RunEvent(sequence, name, kind, time, error=_error(message.failed.error))
    if kind == "cancelled":
        return RunEvent(sequence, name, kind, time, reason=message.cancelled.reason)
    return None
