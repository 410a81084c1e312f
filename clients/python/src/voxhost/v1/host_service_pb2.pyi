from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetHostInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HostInfo(_message.Message):
    __slots__ = ("version", "protocol_version_min", "protocol_version_max", "limits", "devices", "chunk_encodings", "uptime_seconds")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSION_MIN_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSION_MAX_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ENCODINGS_FIELD_NUMBER: _ClassVar[int]
    UPTIME_SECONDS_FIELD_NUMBER: _ClassVar[int]
    version: str
    protocol_version_min: int
    protocol_version_max: int
    limits: Limits
    devices: _containers.RepeatedCompositeFieldContainer[Device]
    chunk_encodings: _containers.RepeatedScalarFieldContainer[str]
    uptime_seconds: float
    def __init__(self, version: _Optional[str] = ..., protocol_version_min: _Optional[int] = ..., protocol_version_max: _Optional[int] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., devices: _Optional[_Iterable[_Union[Device, _Mapping]]] = ..., chunk_encodings: _Optional[_Iterable[str]] = ..., uptime_seconds: _Optional[float] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_chunk_bytes", "max_volume_bytes", "store_quota_bytes", "store_used_bytes", "max_queued_runs", "model_memory_budget_bytes", "max_bundle_bytes")
    MAX_CHUNK_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_VOLUME_BYTES_FIELD_NUMBER: _ClassVar[int]
    STORE_QUOTA_BYTES_FIELD_NUMBER: _ClassVar[int]
    STORE_USED_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_QUEUED_RUNS_FIELD_NUMBER: _ClassVar[int]
    MODEL_MEMORY_BUDGET_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_BUNDLE_BYTES_FIELD_NUMBER: _ClassVar[int]
    max_chunk_bytes: int
    max_volume_bytes: int
    store_quota_bytes: int
    store_used_bytes: int
    max_queued_runs: int
    model_memory_budget_bytes: int
    max_bundle_bytes: int
    def __init__(self, max_chunk_bytes: _Optional[int] = ..., max_volume_bytes: _Optional[int] = ..., store_quota_bytes: _Optional[int] = ..., store_used_bytes: _Optional[int] = ..., max_queued_runs: _Optional[int] = ..., model_memory_budget_bytes: _Optional[int] = ..., max_bundle_bytes: _Optional[int] = ...) -> None: ...

class Device(_message.Message):
    __slots__ = ("name", "available", "reason", "busy")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BUSY_FIELD_NUMBER: _ClassVar[int]
    name: str
    available: bool
    reason: str
    busy: int
    def __init__(self, name: _Optional[str] = ..., available: bool = ..., reason: _Optional[str] = ..., busy: _Optional[int] = ...) -> None: ...
