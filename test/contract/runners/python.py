"""Holds one conversation of test/contract: reads it as JSON from standard input, prints how it ended as one JSON line."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from google.protobuf import json_format, symbol_database

import voxhost
from voxhost.v1 import host_service_pb2, run_service_pb2, volume_service_pb2, workflow_service_pb2  # noqa: F401


def hold(task: dict) -> str:
    """How a conversation succeeded: a digest. Raises VoxhostError as it failed."""
    if task["do"] == "messages":
        return compare_messages(Path(task["messages"]))
    with voxhost.connect(task["address"], token=task.get("token"), timeout_s=60) as host:
        if task["do"] == "list":
            return sha256("\n".join(workflow.name for workflow in host.workflows()).encode())
        image = read_image(task["image"])
        if task["do"] == "transfer":
            return voxels_digest(host.download(host.upload(image)))
        stop = voxhost.Stop()

        def watch(progress: voxhost.Progress) -> None:
            if progress.phase == "run" and progress.stage == task.get("cancelAt"):
                stop.set()

        run = host.run(
            task["workflow"], image, parameters=task.get("parameters"), on_progress=watch, stop=stop
        )
        return voxels_digest(run.image)


def read_image(image: dict) -> voxhost.Image:
    header = image["header"]
    sizes = [int(size) for size in header["sizes"]]
    components = header["components"]
    kind = header["componentType"].removeprefix("COMPONENT_TYPE_").lower()
    flat = np.fromfile(image["voxels"], dtype=np.dtype(kind).newbyteorder("<"))
    if components == 1:
        array = flat.reshape(sizes, order="F")
    else:
        array = np.moveaxis(flat.reshape([components, *sizes], order="F"), 0, -1)
    affine = np.reshape(header["indexToWorldLps"], (3, 4))
    return voxhost.Image(array, affine, frame="LPS", components=components > 1, modality=header["modality"])


def voxels_digest(image: voxhost.Image) -> str:
    digest = hashlib.sha256()
    for block in image.blocks():
        digest.update(block)
    return digest.hexdigest()


def compare_messages(file: Path) -> str:
    """Each golden message as bytes and as JSON is the same, and comes out as it went in. How many that was."""
    golden = json.loads(file.read_text(encoding="utf-8"))
    for one in golden:
        kind = symbol_database.Default().GetSymbol(one["type"])
        from_json = json_format.ParseDict(one["json"], kind())
        assert from_json == kind.FromString(bytes.fromhex(one["bytes"])), one["name"]
        assert from_json.SerializeToString(deterministic=True).hex() == one["bytes"], one["name"]
        assert json_format.MessageToDict(from_json) == one["json"], one["name"]
    return str(len(golden))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main() -> None:
    task = json.load(sys.stdin)
    try:
        end = {"outcome": "succeeded", "digest": hold(task)}
    except voxhost.VoxhostError as error:
        end = {"outcome": "failed", "class": error.code, "reason": error.reason, "message": str(error)}
    print(json.dumps(end))


main()
