"""What the job's thread does with the `voxhost` package. `voxhost` is imported inside the calls: it is there after Connect.

Voxels come from `mrml/snapshot.py` and go back as what `mrml/scene_side.py` places; both are plain numpy by then.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np

from ..job import describe, sentences
from ..job.connecting import Connected
from ..job.running import Progress
from ..job.worker import Task
from ..mrml.images import ImageResult
from ..mrml.labels import DenseLabels, make_dense
from ..mrml.snapshot import Voxels
from ..mrml.terminology import entry_of
from . import verdict
from .local_plan import LocalPlan

CONNECT_TIMEOUT_S = 10.0

#: A host on this computer opens its device and checks its bundles first.
START_TIMEOUT_S = 90.0


class Calls:
    """The client, for `job/connecting.py` and `job/running.py`. Each call but `verdict` and `leave` blocks its thread."""

    def __init__(self, local: LocalPlan | None = None) -> None:
        self._local = local or LocalPlan()

    def connect(self, address: str, token: str | None, tls: bool | str, task: Task) -> Connected:
        """Connects and lists the workflows. `tls` is False, True, or a file with the authority to trust."""
        import voxhost

        host = voxhost.connect(address, token=token, tls=tls, timeout_s=CONNECT_TIMEOUT_S)
        return _greet(host, address, task)

    def start_local(self, task: Task) -> Connected:
        """Starts a host on this computer. It ends when its connection is left, and with Slicer."""
        import voxhost

        folder = self._local.workflows
        folder.mkdir(parents=True, exist_ok=True)
        host = voxhost.local(folder, command=self._local.command, timeout_s=START_TIMEOUT_S)
        found = _greet(host, host.address, task)
        return replace(found, local=True, verdict=f"{found.verdict} Its workflows lie in {folder}.")

    def refresh(self, state, task: Task) -> Connected:
        """The same host as it is now."""
        workflows = tuple(state.host.workflows())
        verdict_now = describe.connected(state.host.info().version, workflows)
        return Connected(state.address, state.host, workflows, verdict_now, state.local)

    def verdict(self, error: BaseException, address: str) -> str:
        """An error as a sentence for the user."""
        return verdict.sentence(error, address)

    def run(self, host, workflow, voxels: dict[str, Voxels], parameters: dict[str, Any], task: Task):
        """Uploads, runs, downloads. Returns what to place: (output's name, labels or image), in the workflow's order."""
        import voxhost

        stop = voxhost.Stop()
        task.stop_with(stop.set)
        images = {name: image_of(one) for name, one in voxels.items()}
        run = host.run(
            workflow.name,
            images,
            parameters=parameters,
            on_progress=lambda progress: task.tell(progress_of(progress)),
            stop=stop,
        )
        task.stop_with(None)
        return [(name, result_of(output)) for name, output in run.outputs.items()]

    def leave(self, host) -> None:
        """Closes a connection, and ends a host of our own with it. On a thread: nobody waits for it."""
        threading.Thread(target=host.close, name="voxhost-leave", daemon=True).start()


def _greet(host, address: str, task: Task) -> Connected:
    try:
        task.check()
        workflows = tuple(host.workflows())
        return Connected(address, host, workflows, describe.connected(host.info().version, workflows))
    except BaseException:
        host.close()
        raise


def image_of(voxels: Voxels):
    """Slicer's voxels as the client's image; nothing is copied."""
    import voxhost

    array = voxels.array
    # Memory has i fastest: (k, j, i) and (t, k, j, i) turned round is [i, j, k] and [i, j, k, t].
    turned = array.transpose(2, 1, 0, 3) if voxels.has_components else array.transpose()
    return voxhost.Image(
        turned,
        voxels.facts.index_to_lps,
        frame="LPS",
        components=voxels.has_components,
        modality=voxels.facts.modality[:16],
    )


def result_of(output) -> DenseLabels | ImageResult:
    """A run's output as the scene takes it. Raises `ValueError` for what the scene cannot show."""
    image = output.voxels
    array = image.array
    if image.has_components:
        array = array.transpose(2, 1, 0, 3) if array.ndim == 4 else array
    else:
        array = array.transpose()
        if array.ndim == 4:  # a frame a channel: components of a vector volume
            array = array[0] if len(array) == 1 else np.moveaxis(array, 0, -1)
    while array.ndim < 3:
        array = array[np.newaxis]
    if output.kind != "label-map":
        return ImageResult(np.ascontiguousarray(array), image.affine_lps)
    return make_dense(array, image.affine_lps, output.name, output.segments, entry_of)


def progress_of(progress) -> Progress:
    """The client's progress in words."""
    if progress.phase == "upload":
        text = f"Sending {sentences.size(progress.total)}"
        return Progress("sending", text, progress.fraction)
    if progress.phase == "download":
        return Progress("receiving", f"Receiving {sentences.size(progress.total)}", progress.fraction)
    if progress.phase == "queue":
        text = sentences.queued(progress.position, progress.time_left_s, progress.workflow_loading)
        return Progress("queued", text)
    text = sentences.computing(progress.stage, progress.done, progress.total, progress.time_left_s)
    return Progress("computing", text, progress.fraction)
