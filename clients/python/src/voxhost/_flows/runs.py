"""Runs: create, watch through lost connections, cancel, and all of it as one flow."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Any, AsyncIterator, Callable, Dict, Mapping, Optional

from .._images.edge import GiveBack, read_image
from .._transport.rpc_errors import is_lost_connection
from .._wire import methods, runs_from_wire, to_wire
from ..errors import InvalidInput, NotReady, RunCancelled, RunFailed, TimedOut, VoxhostError
from ..nouns import ParameterValue, Run, RunError, RunEvent, RunOutput, Volume, Workflow
from ..progress import OnProgress, Progress, progress_from_event
from ..v1 import run_service_pb2 as runs
from .asking import get_run, get_workflow
from .download import aclose, download_image
from .session import MAX_ATTEMPTS, Deadline, Session, wait_before_retry
from .upload import OnBytes, upload_image

#: Seconds that the host is given to hear of a cancel.
_CANCEL_TIMEOUT_S = 5.0
#: Seconds between two looks at a workflow that is being loaded.
_LOADING_POLL_S = 0.2


@dataclass(frozen=True)
class RunOptions:
    """How a run goes."""

    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    on_progress: Optional[OnProgress] = None
    #: The same id gives the same run again; a random one when not given, so that a retry never runs twice.
    request_id: Optional[str] = None
    timeout_s: Optional[float] = None
    compression: str = "auto"
    download: bool = True


async def run_workflow(session: Session, workflow: str, image: Any, options: RunOptions) -> Run:
    """Sends what the host lacks, runs, waits, brings the results. What ends it early ends the run on the host."""
    deadline = Deadline(options.timeout_s)
    created, give_back = await _create(session, workflow, image, options, deadline)
    return await wait_for_run(session, created.name, options, deadline, give_back)


async def create_run(session: Session, workflow: str, image: Any, options: RunOptions) -> Run:
    """The first half of `run_workflow`: the run is in the queue."""
    return (await _create(session, workflow, image, options, Deadline(options.timeout_s)))[0]


async def wait_for_run(
    session: Session, name: str, options: RunOptions, deadline: Deadline, give_back: Optional[GiveBack] = None
) -> Run:
    """The second half: the run as it ended, with its results. Cancels the run when it is not awaited to its end."""
    try:
        ended = await _follow(session, name, options.on_progress, deadline)
    except (RunFailed, RunCancelled) as error:
        if error.metadata.get("run") != name:
            await _cancel_quietly(session, name)
        raise
    except TimedOut as error:
        await _cancel_quietly(session, name)
        message = f"Run {name} took longer than {options.timeout_s or 0:g} s and was stopped."
        raise TimedOut(message, metadata={"run": name}) from error
    except BaseException:
        await _cancel_quietly(session, name)
        raise
    if not options.download:
        return ended
    outputs = {
        key: await bring_output(session, output, options.on_progress, deadline, give_back)
        for key, output in ended.outputs.items()
    }
    return replace(ended, outputs=outputs)


async def bring_output(
    session: Session,
    output: RunOutput,
    on_progress: Optional[OnProgress],
    deadline: Deadline,
    give_back: Optional[GiveBack],
) -> RunOutput:
    """An output with its voxels, as a `voxhost.Image` and as what was put in."""
    on_bytes = _report(on_progress, "download", output.name)
    voxels = await download_image(session, output.volume.name, on_bytes, deadline)
    return replace(output, _voxels=voxels, _native=give_back(voxels) if give_back else None)


async def watch_run(
    session: Session, name: str, after_sequence: int = 0, deadline: Optional[Deadline] = None
) -> AsyncIterator[RunEvent]:
    """What happened to a run and what happens, to its last event, through lost connections."""
    deadline, attempt = deadline or Deadline(None), 0
    while True:
        request = runs.WatchRunRequest(name=name, after_sequence=after_sequence)
        messages = session.transport.read(methods.WATCH_RUN, request, deadline.left_s())
        try:
            async for message in messages:
                attempt = 0
                wire = runs.RunEvent.FromString(message)
                after_sequence = wire.sequence
                event = runs_from_wire.event(wire)
                if event:
                    yield event
            return
        except VoxhostError as error:
            attempt += 1
            if not is_lost_connection(error) or attempt >= MAX_ATTEMPTS:
                raise
        finally:
            await aclose(messages)
        await wait_before_retry(session.transport, attempt)


async def _create(
    session: Session, workflow: str, image: Any, options: RunOptions, deadline: Deadline
) -> "tuple[Run, Optional[GiveBack]]":
    parameters = to_wire.parameters(options.parameters)
    names: Dict[str, str] = {}
    give_back: Optional[GiveBack] = None
    for name, source in (await _inputs(session, workflow, image, options.on_progress, deadline)).items():
        if isinstance(source, Volume):
            names[name] = source.name
            continue
        read, back = await session.transport.compute(_reader(source))
        give_back = give_back or back
        on_bytes = _report(options.on_progress, "upload", name)
        names[name] = (await upload_image(session, read, on_bytes, options.compression, deadline)).name
    request = runs.CreateRunRequest(
        workflow=workflow,
        inputs=names,
        parameters=parameters,
        request_id=options.request_id or uuid.uuid4().hex,
    )
    try:
        return await _ask_for_run(session, request, deadline), give_back
    except BaseException as error:
        # The answer may have been cut off with the run in the queue: the same request_id finds it.
        if not isinstance(error, VoxhostError) or isinstance(error, (RunCancelled, TimedOut)):
            await _cancel_created(session, request)
        raise


def _reader(source: Any) -> Callable[[], Any]:
    return lambda: read_image(source)


async def _inputs(
    session: Session, workflow: str, image: Any, on_progress: Optional[OnProgress], deadline: Deadline
) -> Mapping[str, Any]:
    """Sources by input name; a single source goes to the one input that a run needs."""
    if isinstance(image, Mapping):
        return image
    declared = (await _loaded(session, workflow, on_progress, deadline)).inputs
    needed = [one for one in declared if one.required] or list(declared)
    if len(needed) == 1:
        return {needed[0].name: image}
    names = ", ".join(one.name for one in needed)
    raise InvalidInput(
        f"{workflow} needs {len(needed)} images ({names}): give a dict, such as "
        f'{{"{needed[0].name if needed else "image"}": ...}}',
        metadata={"field": "inputs", "workflow": workflow},
    )


async def _loaded(session: Session, workflow: str, on_progress: Optional[OnProgress], deadline: Deadline) -> Workflow:
    """A workflow as soon as its bundle was read: before, nobody knows its inputs. @raises NotReady when it failed"""
    while True:
        found = await get_workflow(session.transport, workflow)
        if found.state == "failed":
            raise NotReady(found.failure, reason="WORKFLOW_FAILED", metadata={"workflow": workflow})
        if found.inputs:
            return found
        if on_progress:
            on_progress(Progress("queue", 0.0, workflow_loading=True))
        await session.transport.sleep(min(_LOADING_POLL_S, deadline.left_s(_LOADING_POLL_S) or 0.0))


async def _ask_for_run(session: Session, request: runs.CreateRunRequest, deadline: Deadline) -> Run:
    attempt = 0
    while True:
        try:
            answer = await session.transport.ask(methods.CREATE_RUN, request, deadline.left_s(60))
            return runs_from_wire.run(answer)
        except VoxhostError as error:
            attempt += 1
            if not is_lost_connection(error) or attempt >= MAX_ATTEMPTS:
                raise
        await wait_before_retry(session.transport, attempt)


async def _follow(session: Session, name: str, on_progress: Optional[OnProgress], deadline: Deadline) -> Run:
    """Watches to the end. @raises RunFailed, RunCancelled with the run's name in `metadata["run"]`"""
    events = watch_run(session, name, 0, deadline)
    try:
        async for event in events:
            progress = progress_from_event(event) if on_progress else None
            if on_progress and progress:
                on_progress(progress)
            if event.kind == "succeeded" and event.result:
                return event.result
            if event.kind == "failed" and event.error:
                raise run_failed(name, event.error)
            if event.kind == "cancelled":
                raise RunCancelled(f"The run was cancelled: {event.reason}", metadata={"run": name})
    finally:
        await aclose(events)
    # A watch that ended without a last event: the run says itself how it is.
    run = await get_run(session.transport, name)
    if run.error:
        raise run_failed(name, run.error)
    if run.state != "succeeded":
        raise RunCancelled(f"The run ended as {run.state}.", metadata={"run": name})
    return run


def run_failed(name: str, error: RunError) -> RunFailed:
    """What a failed run raises."""
    metadata = {**error.metadata, "run": name}
    return RunFailed(error.message, code=error.code, reason=error.reason, metadata=metadata)


async def _cancel_quietly(session: Session, name: str) -> None:
    try:
        request = runs.CancelRunRequest(name=name)
        await session.transport.unstoppable().ask(methods.CANCEL_RUN, request, _CANCEL_TIMEOUT_S)
    except VoxhostError:
        pass  # The caller hears of what stopped it. A host that cannot be told is gone, and so is its run.


async def _cancel_created(session: Session, request: runs.CreateRunRequest) -> None:
    try:
        found = await session.transport.unstoppable().ask(methods.CREATE_RUN, request, _CANCEL_TIMEOUT_S)
    except VoxhostError:
        return
    await _cancel_quietly(session, found.name)


def _report(on_progress: Optional[OnProgress], phase: str, stage: str) -> Optional[OnBytes]:
    if on_progress is None:
        return None
    call = on_progress
    return lambda done, total: call(Progress(phase, done / total if total else 1.0, stage, done, total))
