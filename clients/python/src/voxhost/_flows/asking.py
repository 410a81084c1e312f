"""The calls that only ask: one request, one answer, pages put together."""

from __future__ import annotations

from typing import List

from .._transport.contract import Transport
from .._wire import from_wire, methods, runs_from_wire
from ..nouns import Run, Volume, Workflow
from ..v1 import run_service_pb2 as runs
from ..v1 import volume_service_pb2 as volumes
from ..v1 import workflow_service_pb2 as workflows
from .session import ask_again

_PAGE_SIZE = 100


async def list_workflows(transport: Transport) -> List[Workflow]:
    """All deployed workflows, by name."""
    found: List[Workflow] = []
    token = ""
    while True:
        request = workflows.ListWorkflowsRequest(page_size=_PAGE_SIZE, page_token=token)
        page = await ask_again(transport, methods.LIST_WORKFLOWS, request)
        found.extend(from_wire.workflow(one) for one in page.workflows)
        token = page.next_page_token
        if not token:
            return found


async def get_workflow(transport: Transport, name: str) -> Workflow:
    """@raises NotFound, listing those there are"""
    return from_wire.workflow(await ask_again(transport, methods.GET_WORKFLOW, workflows.GetWorkflowRequest(name=name)))


async def undeploy_workflow(transport: Transport, name: str) -> None:
    """Takes a workflow away."""
    await transport.ask(methods.UNDEPLOY_WORKFLOW, workflows.UndeployWorkflowRequest(name=name))


async def list_runs(transport: Transport, limit: int) -> List[Run]:
    """The newest runs first."""
    found: List[Run] = []
    token = ""
    while len(found) < limit:
        request = runs.ListRunsRequest(page_size=min(_PAGE_SIZE, limit - len(found)), page_token=token)
        page = await ask_again(transport, methods.LIST_RUNS, request)
        found.extend(runs_from_wire.run(one) for one in page.runs)
        token = page.next_page_token
        if not token:
            break
    return found[:limit]


async def get_run(transport: Transport, name: str) -> Run:
    """@raises NotFound"""
    return runs_from_wire.run(await ask_again(transport, methods.GET_RUN, runs.GetRunRequest(name=name)))


async def cancel_run(transport: Transport, name: str) -> Run:
    """Asks a run to stop and answers with it."""
    return runs_from_wire.run(await ask_again(transport, methods.CANCEL_RUN, runs.CancelRunRequest(name=name)))


async def delete_run(transport: Transport, name: str) -> None:
    """@raises NotReady while it goes on"""
    await transport.ask(methods.DELETE_RUN, runs.DeleteRunRequest(name=name))


async def get_volume(transport: Transport, name: str) -> Volume:
    """@raises NotFound"""
    return from_wire.volume(await ask_again(transport, methods.GET_VOLUME, volumes.GetVolumeRequest(name=name)))


async def delete_volume(transport: Transport, name: str) -> None:
    """@raises NotReady while a run needs it"""
    await transport.ask(methods.DELETE_VOLUME, volumes.DeleteVolumeRequest(name=name))


async def check_health(transport: Transport, workflow: str) -> str:
    """`serving`, `not-serving` or `unknown`."""
    answer = await transport.ask(methods.CHECK_HEALTH, methods.CHECK_HEALTH.request(value=workflow))
    return {1: "serving", 2: "not-serving"}.get(answer.value, "unknown")
