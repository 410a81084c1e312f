"""The calls of voxhost.v1 as typed paths: what goes in and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Type, TypeVar

from google.protobuf import empty_pb2, wrappers_pb2
from google.protobuf.message import Message

from ..v1 import host_service_pb2 as host
from ..v1 import run_service_pb2 as runs
from ..v1 import volume_service_pb2 as volumes
from ..v1 import workflow_service_pb2 as workflows

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)


@dataclass(frozen=True)
class Method(Generic[Q, R]):
    """A call with one request."""

    path: str
    request: Type[Q]
    response: Type[R]


def _method(service: str, name: str, request: Type[Q], response: Type[R]) -> Method[Q, R]:
    return Method(f"/voxhost.v1.{service}/{name}", request, response)


GET_HOST_INFO = _method("HostService", "GetHostInfo", host.GetHostInfoRequest, host.HostInfo)

LIST_WORKFLOWS = _method(
    "WorkflowService", "ListWorkflows", workflows.ListWorkflowsRequest, workflows.ListWorkflowsResponse
)
GET_WORKFLOW = _method("WorkflowService", "GetWorkflow", workflows.GetWorkflowRequest, workflows.Workflow)
UNDEPLOY_WORKFLOW = _method("WorkflowService", "UndeployWorkflow", workflows.UndeployWorkflowRequest, empty_pb2.Empty)
DEPLOY_WORKFLOW = _method("WorkflowService", "DeployWorkflow", workflows.DeployWorkflowRequest, workflows.Workflow)

WRITE_VOLUME = _method("VolumeService", "WriteVolume", volumes.WriteVolumeRequest, volumes.WriteVolumeResponse)
QUERY_WRITE = _method("VolumeService", "QueryWrite", volumes.QueryWriteRequest, volumes.QueryWriteResponse)
FIND_MISSING_VOLUMES = _method(
    "VolumeService", "FindMissingVolumes", volumes.FindMissingVolumesRequest, volumes.FindMissingVolumesResponse
)
READ_VOLUME = _method("VolumeService", "ReadVolume", volumes.ReadVolumeRequest, volumes.ReadVolumeResponse)
GET_VOLUME = _method("VolumeService", "GetVolume", volumes.GetVolumeRequest, volumes.Volume)
DELETE_VOLUME = _method("VolumeService", "DeleteVolume", volumes.DeleteVolumeRequest, empty_pb2.Empty)

CREATE_RUN = _method("RunService", "CreateRun", runs.CreateRunRequest, runs.Run)
WATCH_RUN = _method("RunService", "WatchRun", runs.WatchRunRequest, runs.RunEvent)
GET_RUN = _method("RunService", "GetRun", runs.GetRunRequest, runs.Run)
LIST_RUNS = _method("RunService", "ListRuns", runs.ListRunsRequest, runs.ListRunsResponse)
CANCEL_RUN = _method("RunService", "CancelRun", runs.CancelRunRequest, runs.Run)
DELETE_RUN = _method("RunService", "DeleteRun", runs.DeleteRunRequest, empty_pb2.Empty)

# grpc.health.v1 has one field 1 in each message: a string, an enum. Wrappers of the same shape on the wire save a
# second copy of Google's health.proto in the one descriptor pool of the process.
CHECK_HEALTH = Method("/grpc.health.v1.Health/Check", wrappers_pb2.StringValue, wrappers_pb2.Int32Value)
