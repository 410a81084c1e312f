"""The Python client beside bare grpcio, on the same host, in one run: ratios, not seconds.

    python benchmarks/python_client.py [--address HOST:PORT] [--mebibytes 1024] [--rounds 5] [--save]

Needs Python with grpcio, protobuf and numpy; without --address it starts the host of this checkout (node on the PATH).
With --save the table of clients gets the ratios (docs/clients/throughput/python.json; `docs/clients/list-clients.ts`).
Bare: one stream of the generated stubs, 1 MiB chunks, SHA-256 in the same loop, as test/journeys/python does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Iterator, List

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "clients" / "python" / "src"
sys.path.insert(0, str(SOURCE))

import voxhost  # noqa: E402

CHUNK_BYTES = 2**20
COMMAND = ["node", "--import=tsx", str(ROOT / "clients" / "cli" / "main.ts")]


def make_image(mebibytes: int, seed: int) -> voxhost.Image:
    """An image that the host has not: i fastest, as it is sent."""
    import numpy as np

    voxels = np.arange(mebibytes * 2**19, dtype=np.uint16).reshape((256, 256, -1), order="F")
    voxels[0, 0, 0], voxels[1, 0, 0] = seed, os.getpid() % 65536
    return voxhost.Image(voxels, np.eye(4))


class Bare:
    """grpcio and the generated stubs, nothing of the client."""

    def __init__(self, address: str) -> None:
        import grpc

        from voxhost.v1 import volume_service_pb2 as volumes
        from voxhost.v1 import volume_service_pb2_grpc as service

        self._volumes = volumes
        self._channel = grpc.insecure_channel(address, [("grpc.max_receive_message_length", 16 * 2**20)])
        self._stub = service.VolumeServiceStub(self._channel)

    def upload(self, image: voxhost.Image) -> str:
        """One WriteVolume; the name of the volume."""
        from voxhost._wire import to_wire

        data = next(image.blocks())
        volumes = self._volumes

        def messages() -> Iterator[Any]:
            digest = hashlib.sha256()
            yield volumes.WriteVolumeRequest(header=volumes.WriteHeader(header=to_wire.header(image)))
            for start in range(0, len(data), CHUNK_BYTES):
                piece = bytes(data[start : start + CHUNK_BYTES])
                digest.update(piece)
                yield volumes.WriteVolumeRequest(chunk=volumes.VolumeChunk(offset_bytes=start, data=piece))
            finish = volumes.WriteFinish(size_bytes=len(data), sha256=digest.hexdigest())
            yield volumes.WriteVolumeRequest(finish=finish)

        name: str = self._stub.WriteVolume(messages()).volume.name
        return name

    def download(self, name: str) -> bytearray:
        """One ReadVolume, compared by its digest."""
        data, digest, expected = bytearray(), hashlib.sha256(), ""
        for message in self._stub.ReadVolume(self._volumes.ReadVolumeRequest(name=name)):
            if message.HasField("volume"):
                expected = message.volume.sha256
            else:
                digest.update(message.chunk.data)
                data += message.chunk.data
        assert digest.hexdigest() == expected
        return data


def seconds(work: Callable[[], Any]) -> "tuple[float, Any]":
    """How long it took, and its answer."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def transfer(address: str, mebibytes: int, rounds: int) -> "dict[str, float]":
    """Uploads and downloads in turns, so that a busy moment meets both: how many times as fast as bare, each way."""
    times: "dict[str, List[float]]" = {key: [] for key in ("up, bare", "up", "down, bare", "down")}
    bare = Bare(address)
    with voxhost.connect(address, timeout_s=60) as host:
        # The first of each is not counted: the host has yet to warm up.
        for seed in range(2 * rounds + 2):
            ours = seed % 2 == 1
            image = make_image(mebibytes, seed)
            took, volume = seconds(lambda: host.upload(image) if ours else bare.upload(image))
            times["up" if ours else "up, bare"].append(took)
            name = volume if isinstance(volume, str) else volume.name
            for key in ("down", "down, bare") if ours else ("down, bare", "down"):
                call = host.download if key == "down" else bare.download
                took, _ = seconds(lambda: call(name))
                times[key].append(took)
            host.delete_volume(name)
    medians = {
        key: statistics.median(values[1:] if key.startswith("up") else values[2:]) for key, values in times.items()
    }
    ratios = {}
    for way in ("up", "down"):
        ours, others = mebibytes / medians[way], mebibytes / medians[f"{way}, bare"]
        ratios[way] = round(ours / others, 2)
        print(
            f"{way}: {ours:.0f} MiB/s, bare grpcio {others:.0f} MiB/s: {ratios[way]:.2f} times as fast "
            "(must be 0.9 at least)"
        )
    return ratios


MEMORY = r"""
import json, re, sys, voxhost
import numpy as np
sys.path.insert(0, "benchmarks")
from python_client import make_image

def resident(what):
    with open("/proc/self/status") as file:
        return 1024 * int(re.search(what + r":\s+(\d+)", file.read())[1])

def added_by(work):
    # Linux keeps the peak of resident memory, and forgets it when 5 is written here.
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = resident("VmRSS")
    answer = work()
    return resident("VmHWM") - before, answer

host = voxhost.connect(sys.argv[1], timeout_s=60)
host.upload((np.zeros((64, 64, 64)), np.eye(4)))
image = make_image(int(sys.argv[2]), 999)
if sys.argv[3] == "C":
    image = voxhost.Image(np.ascontiguousarray(image.array), np.eye(4))
up, volume = added_by(lambda: host.upload(image))
down, array = added_by(lambda: host.download(volume))
host.delete_volume(volume)
print(json.dumps([up, down - array.size_bytes]))
"""


def memory(address: str, mebibytes: int) -> None:
    """Peak resident memory beside the array, in a process of its own. Linux only."""
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    for order, name in (("F", "as it is sent"), ("C", "turned on the way")):
        words = [sys.executable, "-c", MEMORY, address, str(mebibytes), order]
        up, down = json.loads(subprocess.run(words, cwd=ROOT, env=env, check=True, capture_output=True).stdout)
        print(f"memory beside an array {name}: {up / 2**20:.0f} MiB up, {down / 2**20:.0f} MiB down (64 at most)")


START = r"""
import sys, time
start = time.perf_counter()
{work}
assert "numpy" not in sys.modules, "numpy was imported before it was needed"
print(time.perf_counter() - start, time.process_time())
"""


def start(address: str, rounds: int) -> None:
    """From the first line to a connected host, without the interpreter's own start: the best, others only add."""
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}

    def best(work: str) -> List[float]:
        words = [sys.executable, "-c", START.format(work=work)]
        said = [
            subprocess.run(words, env=env, check=True, capture_output=True).stdout.split() for _ in range(rounds + 2)
        ]
        return [min(float(one[column]) for one in said) for column in (0, 1)]

    wall_s, cpu_s = best(f"import voxhost; voxhost.connect({address!r}, timeout_s=60)")
    grpc_s, _ = best("import grpc")
    print(
        f"import to connected: {wall_s:.2f} s (0.4 at most), of which grpc's own import {grpc_s:.2f} s; "
        f"{cpu_s:.2f} s of processor with the interpreter's start; best of {rounds + 2}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address")
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    os.chdir(ROOT)
    host = None if options.address else voxhost.local(device="cpu", command=COMMAND)
    address = options.address or host.address
    try:
        start(address, options.rounds)
        ratios = transfer(address, options.mebibytes, options.rounds)
        memory(address, options.mebibytes)
    finally:
        if host:
            host.close()
    if options.save:
        found = {"bare": "grpcio", "mebibytes": options.mebibytes, **ratios, "by": "benchmarks/python_client.py"}
        file = ROOT / "docs" / "clients" / "throughput" / "python.json"
        file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
