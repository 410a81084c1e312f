"""Runs a workflow on an image through plain grpcio, and compares the mask with an expected one.

    python run_workflow.py STUBS ADDRESS WORKFLOW IMAGE EXPECTED_MASK

STUBS is the folder into which grpc_tools.protoc generated Python from proto/. Nothing of Voxhost's own is imported.
Ends with 1 when the masks differ.
"""

import hashlib
import sys

import grpc
import nibabel as nib
import numpy as np

stubs, address, workflow, image_file, expected_file = sys.argv[1:]
sys.path.insert(0, stubs)

from voxhost.v1 import host_service_pb2 as host  # noqa: E402
from voxhost.v1 import host_service_pb2_grpc as host_grpc  # noqa: E402
from voxhost.v1 import run_service_pb2 as runs  # noqa: E402
from voxhost.v1 import run_service_pb2_grpc as runs_grpc  # noqa: E402
from voxhost.v1 import volume_service_pb2 as volumes  # noqa: E402
from voxhost.v1 import volume_service_pb2_grpc as volumes_grpc  # noqa: E402
from voxhost.v1 import workflow_service_pb2 as workflows  # noqa: E402
from voxhost.v1 import workflow_service_pb2_grpc as workflows_grpc  # noqa: E402

CHUNK_BYTES = 512 * 1024
RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def read_image(file: str) -> tuple[volumes.VolumeHeader, bytes]:
    """An image as the wire has it: geometry in LPS, the first axis fastest, little-endian."""
    image = nib.load(file)
    voxels = np.asanyarray(image.dataobj)
    header = volumes.VolumeHeader(
        sizes=voxels.shape,
        component_type=getattr(volumes, f"COMPONENT_TYPE_{voxels.dtype.name.upper()}"),
        index_to_world_lps=(RAS_TO_LPS @ image.affine)[:3].ravel().tolist(),
    )
    return header, voxels.astype(voxels.dtype.newbyteorder("<")).tobytes(order="F")


def upload_messages(header: volumes.VolumeHeader, data: bytes):
    yield volumes.WriteVolumeRequest(header=volumes.WriteHeader(header=header))
    for start in range(0, len(data), CHUNK_BYTES):
        chunk = volumes.VolumeChunk(offset_bytes=start, data=data[start : start + CHUNK_BYTES])
        yield volumes.WriteVolumeRequest(chunk=chunk)
    digest = hashlib.sha256(data).hexdigest()
    yield volumes.WriteVolumeRequest(finish=volumes.WriteFinish(size_bytes=len(data), sha256=digest))


def show(event: runs.RunEvent) -> None:
    kind = event.WhichOneof("event")
    if kind == "progress":
        p = event.progress
        print(f"progress: {p.stage} {p.step}/{p.step_count} {100 * p.fraction:.0f} %")
    else:
        print(kind)


def download(service: volumes_grpc.VolumeServiceStub, name: str) -> tuple[volumes.Volume, bytes]:
    volume, data = None, bytearray()
    for message in service.ReadVolume(volumes.ReadVolumeRequest(name=name)):
        if message.HasField("volume"):
            volume = message.volume
        else:
            assert message.chunk.offset_bytes == len(data), "chunks come in order"
            data += message.chunk.data
    assert hashlib.sha256(data).hexdigest() == volume.sha256, "the voxels are those that were named"
    return volume, bytes(data)


with grpc.insecure_channel(address) as channel:
    info = host_grpc.HostServiceStub(channel).GetHostInfo(host.GetHostInfoRequest())
    print(f"host: {info.version}, protocol {info.protocol_version_min} to {info.protocol_version_max}")

    volume_service = volumes_grpc.VolumeServiceStub(channel)
    uploaded = volume_service.WriteVolume(upload_messages(*read_image(image_file))).volume
    print(f"uploaded: {uploaded.size_bytes} bytes")

    run_service = runs_grpc.RunServiceStub(channel)
    # A workflow may still be loading: the run waits for it.
    run = run_service.CreateRun(runs.CreateRunRequest(workflow=workflow, inputs={"image": uploaded.name}))
    for event in run_service.WatchRun(runs.WatchRunRequest(name=run.name)):
        show(event)
    run = run_service.GetRun(runs.GetRunRequest(name=run.name))
    if run.state != runs.RUN_STATE_SUCCEEDED:
        sys.exit(f"the run ended as {runs.RunState.Name(run.state)}: {run.error.message}")
    mask, data = download(volume_service, run.outputs[0].volume.name)
    found = workflows_grpc.WorkflowServiceStub(channel).GetWorkflow(workflows.GetWorkflowRequest(name=workflow))
    print(f"workflow: {found.title}, from {found.inputs[0].name} to {found.outputs[0].name}")

expected_header, expected = read_image(expected_file)
print(f"mask: {np.count_nonzero(np.frombuffer(data, np.uint8))} voxels are not 0")
difference = np.abs(np.subtract(mask.header.index_to_world_lps, expected_header.index_to_world_lps)).max()
if list(mask.header.sizes) != list(expected_header.sizes) or difference > 1e-6:
    sys.exit(f"another geometry than expected:\n{mask.header}\n{expected_header}")
if mask.header.component_type != expected_header.component_type or data != expected:
    sys.exit("other voxels than expected")
print("identical")
