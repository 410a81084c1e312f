"""A client that does what a test says, in place of `client/calls.py`: for what a real host cannot be made to do on cue."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from VoxhostLib.job.connecting import Connected

WORKFLOW = SimpleNamespace(
    name="brain",
    title="Brain",
    description="",
    modality="MR",
    intended_use="",
    version="1",
    state="ready",
    failure="",
    reload_failure="",
    resident=True,
    device="cpu",
    typical_duration_s=0.8,
    inputs=(SimpleNamespace(name="image", modality="MR", channels=1, channel_names=(), required=True),),
    outputs=(SimpleNamespace(name="pred", kind="label-map", segments=()),),
    parameters=(),
)


class ScriptedClient:
    """`runs` are functions of (voxels, task), one for each run in turn; the last one serves all that follow."""

    def __init__(self, *runs, workflows=(WORKFLOW,)) -> None:
        self.runs = list(runs)
        self.all_workflows = workflows
        self.left: list = []
        self.threads: list[str] = []

    def connect(self, address, token, tls, task):
        self.asked = (address, token, tls)
        if address == "nowhere:1":
            raise ConnectionError("nothing answers")
        return self._connected(address)

    def start_local(self, task):
        return self._connected("127.0.0.1:1234", local=True)

    def refresh(self, state, task):
        return self._connected(state.address, state.local)

    def verdict(self, error, address):
        return f"{error}"

    def leave(self, host):
        self.left.append(host.address)

    def _connected(self, address, local=False):
        workflows = tuple(self.all_workflows)
        return Connected(address, SimpleNamespace(address=address), workflows, f"Connected: {len(workflows)}.", local)

    def run(self, host, workflow, voxels, parameters, task):
        self.threads.append(threading.current_thread().name)
        script = self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]
        return script(voxels, task)


def spin(activity):
    """Ticks until nothing goes on."""
    while activity.pace is not None:
        activity.tick()
