"""Messages of the protocol as the client's nouns. Pure."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Optional, Tuple

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Value
from google.protobuf.timestamp_pb2 import Timestamp

from ..nouns import (
    Code,
    Device,
    HostInfo,
    Input,
    Limits,
    Output,
    Parameter,
    ParameterValue,
    Segment,
    Terminology,
    Volume,
    Workflow,
)
from ..v1 import host_service_pb2 as host
from ..v1 import volume_service_pb2 as volumes
from ..v1 import workflow_service_pb2 as workflows


def seconds(message: Message, name: str) -> Optional[float]:
    """A Duration field in seconds; None when unset."""
    if not message.HasField(name):
        return None
    duration: Duration = getattr(message, name)
    return duration.seconds + duration.nanos / 1e9


def moment(message: Message, name: str) -> Optional[datetime]:
    """A Timestamp field as a time in UTC; None when unset."""
    if not message.HasField(name):
        return None
    stamp: Timestamp = getattr(message, name)
    return datetime.fromtimestamp(stamp.seconds + stamp.nanos / 1e9, timezone.utc)


def parameter_value(value: Value) -> Optional[ParameterValue]:
    """A number, a boolean or a text; None for anything else."""
    kind = value.WhichOneof("kind")
    if kind == "number_value":
        return value.number_value
    if kind == "bool_value":
        return value.bool_value
    return value.string_value if kind == "string_value" else None


def host_info(info: host.HostInfo) -> HostInfo:
    """`HostInfo`."""
    limits = info.limits
    return HostInfo(
        version=info.version,
        protocol_version_min=info.protocol_version_min,
        protocol_version_max=info.protocol_version_max,
        limits=Limits(
            max_chunk_bytes=limits.max_chunk_bytes,
            max_volume_bytes=limits.max_volume_bytes,
            store_quota_bytes=limits.store_quota_bytes,
            store_used_bytes=limits.store_used_bytes,
            max_queued_runs=limits.max_queued_runs,
            model_memory_budget_bytes=limits.model_memory_budget_bytes,
            max_bundle_bytes=limits.max_bundle_bytes,
        ),
        devices=tuple(Device(d.name, d.available, d.reason, d.busy) for d in info.devices),
        chunk_encodings=tuple(info.chunk_encodings),
        uptime_s=info.uptime_seconds,
    )


def volume(message: volumes.Volume) -> Volume:
    """`Volume`."""
    header = message.header
    return Volume(
        name=message.name,
        sizes=tuple(header.sizes),
        component_type=component_type(header.component_type),
        components=header.components or 1,
        index_to_world_lps=tuple(header.index_to_world_lps),
        modality=header.modality,
        size_bytes=message.size_bytes,
        sha256=message.sha256,
        create_time=moment(message, "create_time"),
    )


def component_type(value: volumes.ComponentType) -> str:
    """numpy's name of a component type."""
    return volumes.ComponentType.Name(value)[len("COMPONENT_TYPE_") :].lower()


def _code(message: workflows.Terminology, name: str) -> Optional[Code]:
    if not message.HasField(name):
        return None
    code: workflows.Code = getattr(message, name)
    return Code(code.scheme, code.value, code.meaning)


def segment(
    message: workflows.Segment, voxel_count: Optional[int] = None, volume_ml: Optional[float] = None
) -> Segment:
    """`Segment`, with what was measured when it comes from a result."""
    terminology = None
    if message.HasField("terminology"):
        names = ("category", "type", "type_modifier", "region", "region_modifier")
        terminology = Terminology(*(_code(message.terminology, name) for name in names))
    color = (message.color.red, message.color.green, message.color.blue)
    return Segment(message.value, message.name, color, terminology, voxel_count, volume_ml)


def output_kind(kind: workflows.OutputKind) -> str:
    """`label-map` or `image`."""
    return "label-map" if kind == workflows.OUTPUT_KIND_LABEL_MAP else "image"


def _input(message: workflows.Input) -> Input:
    return Input(
        name=message.name,
        modality=message.modality,
        channels=message.channels,
        channel_names=tuple(message.channel_names),
        required=message.required,
        spatial_axes=message.spatial_axes,
    )


def _parameter(message: workflows.Parameter) -> Parameter:
    choices: Tuple[Optional[ParameterValue], ...] = tuple(parameter_value(choice) for choice in message.choices)
    return Parameter(
        name=message.name,
        type=workflows.ParameterType.Name(message.type)[len("PARAMETER_TYPE_") :].lower(),
        default=parameter_value(message.default_value) if message.HasField("default_value") else None,
        minimum=message.minimum if message.HasField("minimum") else None,
        maximum=message.maximum if message.HasField("maximum") else None,
        description=message.description,
        choices=tuple(choice for choice in choices if choice is not None),
    )


def workflow(message: workflows.Workflow) -> Workflow:
    """`Workflow`."""
    return Workflow(
        name=message.name,
        version=message.version,
        title=message.title,
        description=message.description,
        authors=message.authors,
        copyright=message.copyright,
        license=message.license,
        task=message.task,
        modality=message.modality,
        intended_use=message.intended_use,
        references=tuple(message.references),
        inputs=tuple(_input(one) for one in message.inputs),
        outputs=tuple(
            Output(one.name, output_kind(one.kind), tuple(segment(part) for part in one.segments))
            for one in message.outputs
        ),
        parameters=tuple(_parameter(one) for one in message.parameters),
        state=workflows.WorkflowState.Name(message.state)[len("WORKFLOW_STATE_") :].lower(),
        failure=message.failure,
        reload_failure=message.reload_failure,
        device=message.device,
        typical_duration_s=seconds(message, "typical_duration"),
        resident=message.resident,
        deploy_time=moment(message, "deploy_time"),
    )
