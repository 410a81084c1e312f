"""A run from a script: one call, which looks after the job itself instead of a timer."""

from __future__ import annotations

from typing import Any, Callable

from ..mrml.scene_side import SceneSide
from ..mrml.sequences import frames_of
from .connecting import Connecting
from .items import Request, plan_items
from .running import Running


def run_blocking(
    client,
    volume_node,
    workflow_name: str,
    address: str,
    token: str,
    parameters: dict[str, Any],
    process_events: Callable[[], None],
) -> list[Any]:
    """Runs a workflow on a volume, frame by frame when it shows a sequence. Returns the nodes with the results.

    Raises `RuntimeError` with a sentence.
    """
    placed: list[Any] = []
    connecting = Connecting(client, lambda state: None)
    try:
        connecting.connect(address, token)
        _until_done(connecting, process_events)
        state = connecting.state
        if state.phase != "connected":
            raise RuntimeError(state.verdict)
        workflow = next((one for one in state.workflows if one.name == workflow_name), None)
        if workflow is None:
            names = ", ".join(one.name for one in state.workflows) or "none"
            raise RuntimeError(f"The host has no workflow {workflow_name}. It has: {names}.")
        items = plan_items(workflow, {workflow.inputs[0].name: [volume_node]}, [], frames_of)
        running = Running(client, SceneSide(volume_node.GetScene(), placed.append), lambda state: None)
        running.start(state.host, Request(workflow, items, parameters))
        _until_done(running, process_events)
        if running.state.ended != "succeeded":
            raise RuntimeError(running.state.text)
        return list(dict.fromkeys(placed))
    finally:
        connecting.close()


def _until_done(activity, process_events: Callable[[], None]) -> None:
    while activity.pace is not None:
        activity.tick()
        process_events()
