"""The bytes on the wire: against protobuf's own reader and writer, Google's messages, and the golden encodings."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2

from voxhost._wire import chunks, packing
from voxhost._wire.status_details import read_details
from voxhost.v1 import volume_service_pb2 as volumes

CASES = [(0, b""), (0, b"a"), (127, b"b" * 127), (2**20, b"c" * 300), (5 * 2**30, b"d" * 70_000)]


@pytest.mark.parametrize(("offset", "data"), CASES)
def test_a_chunk_is_written_as_protobuf_reads_it(offset, data):
    plain = volumes.WriteVolumeRequest.FromString(chunks.write_chunk(offset, memoryview(data))).chunk
    assert (plain.offset_bytes, plain.data, plain.encoding) == (offset, data, 0)
    packed = volumes.WriteVolumeRequest.FromString(chunks.write_chunk(offset, data, chunks.PACKED, 4096)).chunk
    assert (packed.data, packed.encoding, packed.decoded_bytes) == (data, 1, 4096)


@pytest.mark.parametrize(("offset", "data"), CASES)
def test_a_chunk_is_read_as_protobuf_writes_it(offset, data):
    message = volumes.ReadVolumeResponse(
        chunk=volumes.VolumeChunk(offset_bytes=offset, data=data, encoding=1, decoded_bytes=77)
    ).SerializeToString()
    assert chunks.is_chunk(message)
    read = chunks.read_chunk(message)
    assert (read.offset_bytes, bytes(read.data), read.encoding, read.decoded_bytes) == (offset, data, 1, 77)


def test_a_volume_is_no_chunk():
    message = volumes.ReadVolumeResponse(volume=volumes.Volume(name="x")).SerializeToString()
    assert not chunks.is_chunk(message)


@pytest.mark.parametrize(
    "message", [b"\x12", b"\x12\x05ab", b"\x12\x03\x12\x7fa", b"\x12\x02\x0b\x00", b"\x12\x01\xff"]
)
def test_a_chunk_that_is_cut_or_damaged_is_refused(message):
    with pytest.raises(ValueError, match=r"."):
        chunks.read_chunk(message)


GOLDEN = json.loads((ROOT / "test" / "fixtures" / "chunk-encoding.json").read_text())


@pytest.mark.parametrize("case", GOLDEN, ids=[f"{case['name']}-{case['componentBytes']}" for case in GOLDEN])
def test_packing_is_the_golden_one_both_ways(case):
    raw, encoded, width = bytes.fromhex(case["raw"]), bytes.fromhex(case["encoded"]), case["componentBytes"]
    assert packing.unpack(encoded, len(raw), width) == raw
    assert packing.unpack(packing.pack(raw, width), len(raw), width) == raw


@pytest.mark.parametrize(("data", "decoded"), [(b"\xff\xff", 4), (b"", 4), (packing.pack(b"abcd", 2), 3)])
def test_packed_data_that_is_not_is_refused(data, decoded):
    with pytest.raises(ValueError, match=r"."):
        packing.unpack(data, decoded, 2)


def test_googles_status_is_read_without_googles_files():
    info = error_details_pb2.ErrorInfo(reason="DISK_FULL", domain="voxhost", metadata={"a": "b", "field": "ü"})
    detail = Any()
    detail.Pack(info)
    status = status_pb2.Status(code=8, message="The disk is full.", details=[detail])
    read = read_details(status.SerializeToString())
    assert read is not None
    assert (read.reason, read.message) == ("DISK_FULL", "The disk is full.")
    assert read.metadata == {"a": "b", "field": "ü"}


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\x1a\x02\x0a", status_pb2.Status(code=3, message="x").SerializeToString()]
)
def test_a_status_without_details_has_none(data):
    assert read_details(data) is None
