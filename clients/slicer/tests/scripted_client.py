"""A client that does what a test says, in place of `client/calls.py`: for what a real host cannot be made to do on cue."""

from __future__ import annotations

import threading
from types import SimpleNamespace

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

    def connect(self, address, token, task):
        if address == "nowhere:1":
            raise ConnectionError("nothing answers")
        return address, SimpleNamespace(address=address), self.all_workflows

    def workflows(self, host):
        return self.all_workflows

    def describe(self, host, workflows):
        return f"Connected: {len(workflows)}."

    def verdict(self, error, address):
        return f"{error}"

    def start_local(self, task):
        return SimpleNamespace(address="127.0.0.1:1234", token="", running=True)

    def leave(self, host, local):
        self.left.append((host, local))

    def run(self, host, workflow, voxels, parameters, task):
        self.threads.append(threading.current_thread().name)
        script = self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]
        return script(voxels, task)


def spin(activity):
    """Ticks until nothing goes on."""
    while activity.pace is not None:
        activity.tick()
