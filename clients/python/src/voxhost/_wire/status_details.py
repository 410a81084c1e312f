"""google.rpc.Status and its ErrorInfo, read without registering Google's files.

The descriptor pool is one per process, and another package may bring another version of google/rpc/*.proto. The fields
are read by number instead: Status.message 2, Status.details 3 (Any: type_url 1, value 2), ErrorInfo.reason 1,
ErrorInfo.metadata 3 (a map: key 1, value 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterator, Optional, Tuple

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

DETAILS_KEY = "grpc-status-details-bin"
_ERROR_INFO = "/google.rpc.ErrorInfo"


@dataclass(frozen=True)
class StatusDetails:
    """What a host says of an error."""

    reason: str
    message: str
    metadata: Dict[str, str]


def read_details(data: bytes) -> Optional[StatusDetails]:
    """The message and the first ErrorInfo of a google.rpc.Status; None when there is none."""
    try:
        message = ""
        for number, value in _fields(data):
            if number == 2:
                message = value.decode()
            elif number == 3:
                detail = dict(_fields(value))
                if detail.get(1, b"").decode().endswith(_ERROR_INFO):
                    return _read_info(message, detail.get(2, b""))
    except (DecodeError, UnicodeDecodeError):
        pass
    return None


def _read_info(message: str, data: bytes) -> StatusDetails:
    reason, metadata = "", {}
    for number, value in _fields(data):
        if number == 1:
            reason = value.decode()
        elif number == 3:
            entry = dict(_fields(value))
            metadata[entry.get(1, b"").decode()] = entry.get(2, b"").decode()
    return StatusDetails(reason, message, metadata)


def _fields(data: bytes) -> Iterator[Tuple[int, bytes]]:
    """Length-delimited fields by number."""
    found: Any = UnknownFieldSet(Empty.FromString(data))
    for field in found:
        if field.wire_type == 2:
            yield field.field_number, field.data
