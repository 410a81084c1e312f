"""Makes messages.json and negative.json with protobuf for Python: what every language's client and the host must read.

python make_messages.py          writes them (`make fix` then formats them)
python make_messages.py --check  says whether the committed ones are what this makes

messages.json: messages as bytes (hexadecimal) and as protobuf's canonical JSON.
negative.json: calls of the volume service that the host must refuse, as the bytes of each message sent, with the code
and the reason of the refusal.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "clients" / "python" / "src"))

from google.protobuf import json_format  # noqa: E402
from google.protobuf.duration_pb2 import Duration  # noqa: E402
from google.protobuf.message import Message  # noqa: E402
from google.protobuf.struct_pb2 import Value  # noqa: E402
from google.protobuf.timestamp_pb2 import Timestamp  # noqa: E402

from voxhost.v1 import host_service_pb2 as hosts  # noqa: E402
from voxhost.v1 import run_service_pb2 as runs  # noqa: E402
from voxhost.v1 import volume_service_pb2 as volumes  # noqa: E402
from voxhost.v1 import workflow_service_pb2 as workflows  # noqa: E402

VOXELS = struct.pack("<24h", *range(-3, 21))
SHA256 = hashlib.sha256(VOXELS).hexdigest()
NOON = Timestamp(seconds=1_770_000_000, nanos=250_000_000)


def header(**change: object) -> volumes.VolumeHeader:
    """2 × 3 × 4 voxels of 16 bits, oblique."""
    fields = {
        "sizes": [2, 3, 4],
        "component_type": volumes.COMPONENT_TYPE_INT16,
        "components": 1,
        "index_to_world_lps": [-0.5, 0, 0.125, 90.25, 0, -0.75, 0, 126, 0, 0.25, 2, -72],
        "modality": "MR",
        **change,
    }
    return volumes.VolumeHeader(**fields)


def pack(raw: bytes, width: int) -> bytes:
    """CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE, written from its definition in volume_service.proto.

    DEFLATE's stored block, so that the bytes are the same whatever zlib is here.
    """
    bits = 8 * width
    numbers = [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]
    deltas = [(number - before) % 2**bits for number, before in zip(numbers, [0, *numbers])]
    zigzag = [(2 * delta if delta < 2 ** (bits - 1) else 2 * (2**bits - delta) - 1) for delta in deltas]
    shuffled = b"".join(bytes(value >> 8 * byte & 255 for value in zigzag) for byte in range(width))
    return b"\x01" + struct.pack("<HH", len(shuffled), len(shuffled) ^ 0xFFFF) + shuffled


VOLUME = volumes.Volume(name="v-1", header=header(), size_bytes=48, sha256=SHA256, create_time=NOON)
BRAIN = workflows.Segment(
    value=1,
    name="brain",
    color=workflows.Color(red=250, green=250, blue=225),
    terminology=workflows.Terminology(
        category=workflows.Code(scheme="SCT", value="123037004", meaning="Anatomical Structure"),
        type=workflows.Code(scheme="SCT", value="12738006", meaning="Brain"),
    ),
)
OUTPUT = runs.RunOutput(
    name="pred",
    volume=VOLUME,
    kind=workflows.OUTPUT_KIND_LABEL_MAP,
    segments=[runs.SegmentMeasure(segment=BRAIN, voxel_count=7, volume_ml=0.056)],
)
CREATE = runs.CreateRunRequest(
    workflow="brain", inputs={"image": "v-1"}, parameters={"overlap": Value(number_value=0.25)}, request_id="r-1"
)
RUN = runs.Run(
    name="run-1",
    workflow="brain",
    inputs={"image": "v-1"},
    parameters={"fast": Value(bool_value=True)},
    state=runs.RUN_STATE_SUCCEEDED,
    outputs=[OUTPUT],
    create_time=NOON,
    timings=[runs.StageTiming(stage="network", duration=Duration(seconds=1, nanos=500_000_000))],
)


def event(sequence: int, **what: Message) -> runs.RunEvent:
    return runs.RunEvent(sequence=sequence, run="run-1", time=NOON, **what)


MESSAGES = {
    "host": hosts.HostInfo(
        version="0.1.0",
        protocol_version_min=1,
        protocol_version_max=1,
        limits=hosts.Limits(max_chunk_bytes=4_128_768, max_volume_bytes=2**34, max_queued_runs=1000),
        devices=[
            hosts.Device(name="cuda", reason="not found: libcudart.so.12"),
            hosts.Device(name="cpu", available=True, busy=1),
        ],
        chunk_encodings=["delta-shuffle-deflate"],
        uptime_seconds=1.5,
    ),
    "workflow": workflows.Workflow(
        name="brain",
        version="1.0.0",
        title="Gehirn, 脳, дом",
        inputs=[
            workflows.Input(
                name="image",
                kind=workflows.INPUT_KIND_IMAGE,
                modality="MR",
                channels=1,
                channel_names=["T1"],
                required=True,
                spatial_axes=3,
            )
        ],
        outputs=[workflows.Output(name="pred", kind=workflows.OUTPUT_KIND_LABEL_MAP, segments=[BRAIN])],
        parameters=[
            workflows.Parameter(
                name="overlap",
                type=workflows.PARAMETER_TYPE_NUMBER,
                default_value=Value(number_value=0.5),
                minimum=0.0,
                maximum=0.95,
            ),
            workflows.Parameter(
                name="mode",
                type=workflows.PARAMETER_TYPE_STRING,
                default_value=Value(string_value=""),
                choices=[Value(string_value=""), Value(string_value="gaussian")],
            ),
        ],
        state=workflows.WORKFLOW_STATE_READY,
        device="cpu",
        typical_duration=Duration(nanos=640_000_000),
        resident=True,
        deploy_time=NOON,
    ),
    "workflows-page": workflows.ListWorkflowsRequest(page_size=100, page_token="next"),
    "volume": VOLUME,
    "volume-of-a-series": volumes.Volume(
        name="v-2", header=header(sizes=[2**31, 2**31, 1, 300], components=3), size_bytes=2**53 - 1
    ),
    "write-header": volumes.WriteVolumeRequest(header=volumes.WriteHeader(upload_id="u-1", header=header())),
    "write-chunk": volumes.WriteVolumeRequest(chunk=volumes.VolumeChunk(offset_bytes=0, data=VOXELS)),
    "write-packed-chunk": volumes.WriteVolumeRequest(
        chunk=volumes.VolumeChunk(
            data=pack(VOXELS, 2), encoding=volumes.CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE, decoded_bytes=48
        )
    ),
    "write-finish": volumes.WriteVolumeRequest(finish=volumes.WriteFinish(size_bytes=48, sha256=SHA256)),
    "query-write": volumes.QueryWriteResponse(committed_bytes=2**40),
    "find-missing": volumes.FindMissingVolumesRequest(keys=[volumes.VolumeKey(header=header(), sha256=SHA256)]),
    "read": volumes.ReadVolumeRequest(
        name="v-1", offset_bytes=24, accept_encodings=[volumes.CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE]
    ),
    "create-run": CREATE,
    "run": RUN,
    "event-queued": event(1, queued=runs.Queued(position=2, estimated_wait=Duration(seconds=3))),
    "event-queued-empty": event(1, queued=runs.Queued()),
    "event-started": event(2, started=runs.Started(device="cpu")),
    "event-progress": event(
        3, progress=runs.Progress(stage="network", step=3, step_count=12, fraction=0.25, time_left=Duration(nanos=1))
    ),
    "event-output": event(4, output_ready=runs.OutputReady(output=OUTPUT)),
    "event-succeeded": event(5, succeeded=runs.Succeeded(run=RUN)),
    "event-failed": event(
        5,
        failed=runs.Failed(
            error=runs.RunError(code=13, reason="OPERATOR_FAILED", message="Spacing failed.", metadata={"step": "2"})
        ),
    ),
    "event-cancelled": event(5, cancelled=runs.Cancelled(reason="The workflow was undeployed.")),
    "predict-start": runs.PredictRequest(start=runs.PredictStart(run=CREATE, streamed_inputs=["image"])),
    "predict-read": runs.PredictResponse(
        read=runs.PredictRead(
            output="pred", read=volumes.ReadVolumeResponse(chunk=volumes.VolumeChunk(offset_bytes=1, data=b"\x01"))
        )
    ),
}


def begin(**change: object) -> volumes.WriteVolumeRequest:
    return volumes.WriteVolumeRequest(header=volumes.WriteHeader(header=header(**change)))


def chunk(data: bytes, offset: int = 0, **more: object) -> volumes.WriteVolumeRequest:
    return volumes.WriteVolumeRequest(chunk=volumes.VolumeChunk(offset_bytes=offset, data=data, **more))


def finish(size: int = 48, sha256: str = SHA256) -> volumes.WriteVolumeRequest:
    return volumes.WriteVolumeRequest(finish=volumes.WriteFinish(size_bytes=size, sha256=sha256))


PACKED = {"encoding": volumes.CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE, "decoded_bytes": 48}
FLAT = [1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0]
#: name: (messages, code, reason)
REFUSED = {
    "no-header": ([chunk(VOXELS), finish()], "INVALID_ARGUMENT", "UNEXPECTED_MESSAGE"),
    "two-headers": ([begin(), begin()], "INVALID_ARGUMENT", "UNEXPECTED_MESSAGE"),
    "empty-message": ([begin(), volumes.WriteVolumeRequest()], "INVALID_ARGUMENT", "UNEXPECTED_MESSAGE"),
    "no-finish": ([begin(), chunk(VOXELS)], "INVALID_ARGUMENT", "UNFINISHED_UPLOAD"),
    "no-sizes": ([begin(sizes=[])], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "size-of-zero": ([begin(sizes=[2, 0, 4])], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "five-sizes": ([begin(sizes=[1, 1, 1, 1, 1])], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "no-component-type": ([begin(component_type=0)], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "unknown-component-type": ([begin(component_type=99)], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "eleven-matrix-elements": ([begin(index_to_world_lps=[1.0] * 11)], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "matrix-not-invertible": ([begin(index_to_world_lps=FLAT)], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "matrix-not-finite": (
        [begin(index_to_world_lps=[float("nan"), *FLAT[1:]])],
        "INVALID_ARGUMENT",
        "INVALID_FIELD",
    ),
    "gap": ([begin(), chunk(VOXELS[:8]), chunk(VOXELS[16:], 16)], "INVALID_ARGUMENT", "CHUNK_OUT_OF_ORDER"),
    "too-many-bytes": ([begin(), chunk(VOXELS + b"\0\0")], "INVALID_ARGUMENT", "TOO_MANY_BYTES"),
    "not-deflate": ([begin(), chunk(b"\xff" * 20, **PACKED)], "INVALID_ARGUMENT", "INVALID_FIELD"),
    "unpacks-to-more": (
        [begin(), chunk(pack(VOXELS, 2), **{**PACKED, "decoded_bytes": 46})],
        "INVALID_ARGUMENT",
        "INVALID_FIELD",
    ),
    "other-size": ([begin(), chunk(VOXELS[:46]), finish()], "DATA_LOSS", "SIZE_MISMATCH"),
    "other-digest": ([begin(), chunk(VOXELS), finish(sha256="0" * 64)], "DATA_LOSS", "DIGEST_MISMATCH"),
}


def make() -> dict[str, list[dict[str, object]]]:
    messages = [
        {
            "name": name,
            "type": message.DESCRIPTOR.full_name,
            "bytes": message.SerializeToString(deterministic=True).hex(),
            "json": json_format.MessageToDict(message),
        }
        for name, message in MESSAGES.items()
    ]
    negative = [
        {"name": name, "messages": [one.SerializeToString().hex() for one in sent], "code": code, "reason": reason}
        for name, (sent, code, reason) in REFUSED.items()
    ]
    truncated = begin().SerializeToString()[:-3]
    negative.append(
        {
            "name": "bytes-of-no-message",
            "messages": [truncated.hex()],
            "code": "INVALID_ARGUMENT",
            "reason": "MALFORMED_MESSAGE",
        }
    )
    return {"messages.json": messages, "negative.json": negative}


def main() -> None:
    stale = []
    for name, content in make().items():
        file = HERE / name
        if "--check" not in sys.argv:
            file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        elif json.loads(file.read_text(encoding="utf-8")) != content:
            stale.append(name)
    if stale:
        sys.exit(f"Not what make_messages.py makes: {', '.join(stale)}")


main()
