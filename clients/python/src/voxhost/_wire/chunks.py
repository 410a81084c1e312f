"""Messages that carry voxels, written and read without protobuf's own copies.

A chunk is VolumeChunk{offset_bytes 1, data 2, encoding 3, decoded_bytes 4} as field 2 of WriteVolumeRequest and of
ReadVolumeResponse alike. Protobuf would copy its bytes three times on the way out and twice on the way in; here they
are copied once, into the message, and once, from the message to where they belong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

_CHUNK_TAG = b"\x12"  # field 2, length-delimited
PLAIN, PACKED = 0, 1


@dataclass(frozen=True)
class Chunk:
    """A part of a volume's voxels; `data` is a view on the message it came in."""

    offset_bytes: int
    data: memoryview
    encoding: int
    decoded_bytes: int


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_chunk(offset_bytes: int, data: memoryview | bytes, encoding: int = PLAIN, decoded_bytes: int = 0) -> bytes:
    """A WriteVolumeRequest, serialised: the one copy of the voxels."""
    head = b"\x08" + _varint(offset_bytes) if offset_bytes else b""
    head += b"\x12" + _varint(len(data))
    tail = b"\x18" + _varint(encoding) + b"\x20" + _varint(decoded_bytes) if encoding else b""
    return b"".join((_CHUNK_TAG, _varint(len(head) + len(data) + len(tail)), head, data, tail))


def is_chunk(message: bytes) -> bool:
    """Whether a serialised ReadVolumeResponse carries a chunk (its other member is field 1)."""
    return message[:1] == _CHUNK_TAG


def read_chunk(message: bytes) -> Chunk:
    """The chunk of a serialised ReadVolumeResponse. @raises ValueError when it is not one."""
    view = memoryview(message)
    length, start = _read_varint(view, 1)
    if start + length != len(view):
        raise ValueError("a chunk and nothing else")
    values = {1: 0, 3: 0, 4: 0}
    data = view[:0]
    while start < len(view):
        tag, start = _read_varint(view, start)
        if tag & 7 == 0:
            value, start = _read_varint(view, start)
            values[tag >> 3] = value
        elif tag & 7 == 2:
            size, start = _read_varint(view, start)
            if start + size > len(view):
                raise ValueError("a field inside the message")
            if tag >> 3 == 2:
                data = view[start : start + size]
            start += size
        else:
            raise ValueError("fields of VolumeChunk")
    return Chunk(values[1], data, values[3], values[4])


def _read_varint(view: memoryview, start: int) -> Tuple[int, int]:
    value = shift = 0
    while True:
        if start >= len(view) or shift > 63:
            raise ValueError("a whole number")
        byte = view[start]
        start += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, start
        shift += 7
