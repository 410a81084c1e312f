"""How long Slicer's main thread is held by a run, and what that costs the transfer. Linux, slicer-core, PySide6.

    python benchmarks/main_thread.py ADDRESS [edge of the cube, 512: 256 MiB] [rounds, 3]

A heartbeat of 1 ms runs in a Qt loop that holds Python's global lock, as Slicer's does. The longest time between two
beats is the longest that a user's click would have waited. Writes one JSON object to standard output.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
EXTENSION = Path(__file__).resolve().parents[1]
ROOT = EXTENSION.parents[1]
sys.path[:0] = [str(EXTENSION / "Voxhost"), str(EXTENSION / "tests"), str(ROOT / "clients" / "python" / "src")]

import qt_for_tests  # noqa: E402

qt_for_tests.install()

import numpy as np  # noqa: E402
import qt  # noqa: E402
import slicer  # noqa: E402
import voxhost  # noqa: E402
from held_gil import exec_holding_the_lock  # noqa: E402
from scenes import add_volume, load_volume  # noqa: E402
from VoxhostLib.client.calls import Calls, image_of  # noqa: E402
from VoxhostLib.job.items import Item, Request  # noqa: E402
from VoxhostLib.job.loop import Loop  # noqa: E402
from VoxhostLib.job.running import Running  # noqa: E402
from VoxhostLib.mrml.scene_side import SceneSide  # noqa: E402
from VoxhostLib.mrml.snapshot import Snapshot  # noqa: E402
from VoxhostLib.mrml.volumes import scalars_of  # noqa: E402

WORKFLOW = "brain_extraction_deepbet"


class Heartbeat:
    """The longest time between two beats, by what the module was doing."""

    def __init__(self) -> None:
        self.longest_ms: dict[str, float] = {}
        self.doing = "before"
        self._last = time.perf_counter()
        self._timer = qt.QTimer()
        self._timer.setTimerType(qt.Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_ms[self.doing] = max(self.longest_ms.get(self.doing, 0.0), 1000 * (now - self._last))
        self._last = now

    def stop(self) -> None:
        """No more beats."""
        self._timer.stop()

    def mark(self, doing: str) -> None:
        """From now on the module does something else."""
        self._beat()
        self.doing = doing


class TimedScene(SceneSide):
    """Says when results are put in, and how long each took."""

    def __init__(self, scene, heartbeat) -> None:
        super().__init__(scene)
        self._heartbeat = heartbeat
        self.placed_ms: list[float] = []

    def place(self, workflow, item, results) -> None:
        self._heartbeat.mark("placing")
        begun = time.perf_counter()
        super().place(workflow, item, results)
        self.placed_ms.append(1000 * (time.perf_counter() - begun))
        self._heartbeat.mark("idle")


def run_once(application, host, workflow, scene, volume):
    """One run in the held loop: (longest holds by phase, seconds by phase, milliseconds to put the result in)."""
    heartbeat, phases = Heartbeat(), {}
    side = TimedScene(scene, heartbeat)
    last = [time.perf_counter(), "idle"]

    def look() -> None:
        now = time.perf_counter()
        phases[last[1]] = phases.get(last[1], 0.0) + now - last[0]
        # No news yet of bytes sent: the thread computes the digest.
        hashing = running._phase == "sending" and running.state.text == "Reading the volume"
        last[:] = [now, "hashing" if hashing else running._phase]
        if last[1] != heartbeat.doing:
            heartbeat.mark(last[1])

    def changed(state) -> None:
        if state.ended:
            application.quit()

    running = Running(Calls(), side, changed)
    timer = qt.QTimer()
    loop = Loop(timer)
    loop.add(running)
    timer.timeout.connect(look)

    def begin() -> None:
        heartbeat.mark("idle")
        running.start(host, Request(workflow, (Item(volume, {"image": [volume]}),)))
        loop.wake()

    qt.QTimer.singleShot(50, begin)
    exec_holding_the_lock()
    heartbeat.stop()
    if running.state.ended != "succeeded":
        raise SystemExit(f"the run ended as {running.state.ended}: {running.state.text}")
    return heartbeat.longest_ms, phases, side.placed_ms[0]


def machine_ms(application, seconds: float = 3.0) -> float:
    """The longest time between two beats when nothing else goes on: what other programs on the machine cost."""
    heartbeat = Heartbeat()
    qt.QTimer.singleShot(50, lambda: heartbeat.mark("idle"))
    qt.QTimer.singleShot(int(1000 * seconds), application.quit)
    exec_holding_the_lock()
    heartbeat.stop()
    return heartbeat.longest_ms["idle"]


def voxels_of(volume):
    snapshot = Snapshot([volume])
    while (voxels := snapshot.step()) is None:
        pass
    return voxels


def main(address: str, edge: int, rounds: int) -> None:
    application = qt.QCoreApplication([])
    scene = slicer.vtkMRMLScene()
    for logic in (slicer.vtkSlicerSegmentationsModuleLogic, slicer.vtkSlicerSequencesLogic):
        logic().SetMRMLScene(scene)
    head = load_volume(scene, ROOT / "examples" / "images" / "head-mri.nii.gz", "head-mri")
    small = voxels_of(head).array
    index = [np.arange(edge) * size // edge for size in small.shape]
    big = small[np.ix_(*index)].astype(np.int16) * 16
    spacing = np.diag([*(np.array(small.shape[::-1]) / edge), 1.0])
    volume = add_volume(scene, big, spacing, "big")

    result = {"bytes": int(big.nbytes), "rounds": []}
    with voxhost.connect(address) as host:
        workflow = host.workflow(WORKFLOW)
        for number in range(rounds):
            # Each transfer sends voxels that the host does not have: one differs.
            renew(volume, 2 * number)
            machine = machine_ms(application)
            image = image_of(voxels_of(volume))
            begun = time.perf_counter()
            uploaded = host.upload(image)
            sent_s = time.perf_counter() - begun
            mask = host.run(WORKFLOW, uploaded, download=False).output.volume
            begun = time.perf_counter()
            host.download(mask)
            bare_s = sent_s + time.perf_counter() - begun
            del image

            renew(volume, 2 * number + 1)
            holds, phases, placed_ms = run_once(application, host, workflow, scene, volume)
            transfer_s = phases.get("sending", 0) + phases.get("receiving", 0) + hashing_s(phases)
            one = {"machine_ms": machine, "holds_ms": holds, "phases_s": phases, "placed_big_ms": placed_ms}
            result["rounds"].append({**one, "bare_s": bare_s, "transfer_s": transfer_s})
        result["placed_ms"] = [run_once(application, host, workflow, scene, head)[2] for _ in range(5)]
    print(json.dumps(result))


def renew(volume, number: int) -> None:
    """Changes one voxel."""
    scalars = scalars_of(volume)
    scalars[0, 0, 1] = (time.time_ns() // 1_000_000 + number) % 30000
    volume.GetImageData().GetPointData().GetScalars().Modified()


def hashing_s(phases) -> float:
    """The time from the last piece copied to the first byte sent belongs to the transfer, as it does in the bare one."""
    return phases.get("hashing", 0.0)


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 512, int(sys.argv[3]) if len(sys.argv) > 3 else 3)
sys.stdout.flush()
os._exit(0)
