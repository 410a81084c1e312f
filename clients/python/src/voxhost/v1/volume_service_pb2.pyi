import datetime

from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ComponentType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPONENT_TYPE_UNSPECIFIED: _ClassVar[ComponentType]
    COMPONENT_TYPE_UINT8: _ClassVar[ComponentType]
    COMPONENT_TYPE_INT8: _ClassVar[ComponentType]
    COMPONENT_TYPE_UINT16: _ClassVar[ComponentType]
    COMPONENT_TYPE_INT16: _ClassVar[ComponentType]
    COMPONENT_TYPE_UINT32: _ClassVar[ComponentType]
    COMPONENT_TYPE_INT32: _ClassVar[ComponentType]
    COMPONENT_TYPE_UINT64: _ClassVar[ComponentType]
    COMPONENT_TYPE_INT64: _ClassVar[ComponentType]
    COMPONENT_TYPE_FLOAT32: _ClassVar[ComponentType]
    COMPONENT_TYPE_FLOAT64: _ClassVar[ComponentType]

class ChunkEncoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHUNK_ENCODING_UNSPECIFIED: _ClassVar[ChunkEncoding]
    CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE: _ClassVar[ChunkEncoding]
COMPONENT_TYPE_UNSPECIFIED: ComponentType
COMPONENT_TYPE_UINT8: ComponentType
COMPONENT_TYPE_INT8: ComponentType
COMPONENT_TYPE_UINT16: ComponentType
COMPONENT_TYPE_INT16: ComponentType
COMPONENT_TYPE_UINT32: ComponentType
COMPONENT_TYPE_INT32: ComponentType
COMPONENT_TYPE_UINT64: ComponentType
COMPONENT_TYPE_INT64: ComponentType
COMPONENT_TYPE_FLOAT32: ComponentType
COMPONENT_TYPE_FLOAT64: ComponentType
CHUNK_ENCODING_UNSPECIFIED: ChunkEncoding
CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE: ChunkEncoding

class VolumeHeader(_message.Message):
    __slots__ = ("sizes", "component_type", "components", "index_to_world_lps", "modality")
    SIZES_FIELD_NUMBER: _ClassVar[int]
    COMPONENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    COMPONENTS_FIELD_NUMBER: _ClassVar[int]
    INDEX_TO_WORLD_LPS_FIELD_NUMBER: _ClassVar[int]
    MODALITY_FIELD_NUMBER: _ClassVar[int]
    sizes: _containers.RepeatedScalarFieldContainer[int]
    component_type: ComponentType
    components: int
    index_to_world_lps: _containers.RepeatedScalarFieldContainer[float]
    modality: str
    def __init__(self, sizes: _Optional[_Iterable[int]] = ..., component_type: _Optional[_Union[ComponentType, str]] = ..., components: _Optional[int] = ..., index_to_world_lps: _Optional[_Iterable[float]] = ..., modality: _Optional[str] = ...) -> None: ...

class Volume(_message.Message):
    __slots__ = ("name", "header", "size_bytes", "sha256", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    header: VolumeHeader
    size_bytes: int
    sha256: str
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., header: _Optional[_Union[VolumeHeader, _Mapping]] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class VolumeChunk(_message.Message):
    __slots__ = ("offset_bytes", "data", "encoding", "decoded_bytes")
    OFFSET_BYTES_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    DECODED_BYTES_FIELD_NUMBER: _ClassVar[int]
    offset_bytes: int
    data: bytes
    encoding: ChunkEncoding
    decoded_bytes: int
    def __init__(self, offset_bytes: _Optional[int] = ..., data: _Optional[bytes] = ..., encoding: _Optional[_Union[ChunkEncoding, str]] = ..., decoded_bytes: _Optional[int] = ...) -> None: ...

class WriteVolumeRequest(_message.Message):
    __slots__ = ("header", "chunk", "finish")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    header: WriteHeader
    chunk: VolumeChunk
    finish: WriteFinish
    def __init__(self, header: _Optional[_Union[WriteHeader, _Mapping]] = ..., chunk: _Optional[_Union[VolumeChunk, _Mapping]] = ..., finish: _Optional[_Union[WriteFinish, _Mapping]] = ...) -> None: ...

class WriteHeader(_message.Message):
    __slots__ = ("upload_id", "header")
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    header: VolumeHeader
    def __init__(self, upload_id: _Optional[str] = ..., header: _Optional[_Union[VolumeHeader, _Mapping]] = ...) -> None: ...

class WriteFinish(_message.Message):
    __slots__ = ("size_bytes", "sha256")
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    size_bytes: int
    sha256: str
    def __init__(self, size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...

class WriteVolumeResponse(_message.Message):
    __slots__ = ("volume",)
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    volume: Volume
    def __init__(self, volume: _Optional[_Union[Volume, _Mapping]] = ...) -> None: ...

class QueryWriteRequest(_message.Message):
    __slots__ = ("upload_id",)
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    def __init__(self, upload_id: _Optional[str] = ...) -> None: ...

class QueryWriteResponse(_message.Message):
    __slots__ = ("committed_bytes", "volume")
    COMMITTED_BYTES_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    committed_bytes: int
    volume: Volume
    def __init__(self, committed_bytes: _Optional[int] = ..., volume: _Optional[_Union[Volume, _Mapping]] = ...) -> None: ...

class FindMissingVolumesRequest(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[VolumeKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[VolumeKey, _Mapping]]] = ...) -> None: ...

class VolumeKey(_message.Message):
    __slots__ = ("header", "sha256")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    header: VolumeHeader
    sha256: str
    def __init__(self, header: _Optional[_Union[VolumeHeader, _Mapping]] = ..., sha256: _Optional[str] = ...) -> None: ...

class FindMissingVolumesResponse(_message.Message):
    __slots__ = ("missing", "present")
    MISSING_FIELD_NUMBER: _ClassVar[int]
    PRESENT_FIELD_NUMBER: _ClassVar[int]
    missing: _containers.RepeatedCompositeFieldContainer[VolumeKey]
    present: _containers.RepeatedCompositeFieldContainer[Volume]
    def __init__(self, missing: _Optional[_Iterable[_Union[VolumeKey, _Mapping]]] = ..., present: _Optional[_Iterable[_Union[Volume, _Mapping]]] = ...) -> None: ...

class ReadVolumeRequest(_message.Message):
    __slots__ = ("name", "offset_bytes", "limit_bytes", "accept_encodings")
    NAME_FIELD_NUMBER: _ClassVar[int]
    OFFSET_BYTES_FIELD_NUMBER: _ClassVar[int]
    LIMIT_BYTES_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_ENCODINGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    offset_bytes: int
    limit_bytes: int
    accept_encodings: _containers.RepeatedScalarFieldContainer[ChunkEncoding]
    def __init__(self, name: _Optional[str] = ..., offset_bytes: _Optional[int] = ..., limit_bytes: _Optional[int] = ..., accept_encodings: _Optional[_Iterable[_Union[ChunkEncoding, str]]] = ...) -> None: ...

class ReadVolumeResponse(_message.Message):
    __slots__ = ("volume", "chunk")
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    volume: Volume
    chunk: VolumeChunk
    def __init__(self, volume: _Optional[_Union[Volume, _Mapping]] = ..., chunk: _Optional[_Union[VolumeChunk, _Mapping]] = ...) -> None: ...

class GetVolumeRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteVolumeRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...
