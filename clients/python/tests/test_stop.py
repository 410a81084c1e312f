"""Whatever ends a call early ends the run on the host: an interrupt, a switch, a deadline, an exception, a task."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest
from conftest import HEAD_MRI, LONG, LONG_PARAMETERS

import voxhost


def ended(host, name):
    """The run's state when it has ended; the watch says when that is."""
    for _ in host.watch_run(name):
        pass
    return host.get_run(name).state


class AtFirstWindow:
    """A callback that acts when the network has begun."""

    def __init__(self, act):
        self.run = None
        self._act = act

    def __call__(self, progress):
        if progress.event:
            self.run = progress.event.run
        if progress.stage == "network" and self._act:
            act, self._act = self._act, None
            act()


def test_a_switch_set_in_another_thread_ends_the_call_and_the_run(host):
    stop = voxhost.Stop()
    at = AtFirstWindow(lambda: threading.Thread(target=stop.set).start())
    with pytest.raises(voxhost.RunCancelled):
        host.run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS, on_progress=at, stop=stop)
    assert ended(host, at.run) == "cancelled"
    with pytest.raises(voxhost.RunCancelled):
        host.run(LONG, HEAD_MRI, stop=stop)


def test_an_exception_of_the_callback_comes_out_and_ends_the_run(host):
    def fail():
        raise ZeroDivisionError("in the callback")

    at = AtFirstWindow(fail)
    with pytest.raises(ZeroDivisionError):
        host.run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS, on_progress=at)
    assert ended(host, at.run) == "cancelled"


def test_a_deadline_ends_the_run_and_is_a_timeout_error(host):
    at = AtFirstWindow(None)
    with pytest.raises(TimeoutError) as caught:
        host.run(LONG, HEAD_MRI, parameters={"overlap": 0.95, "sw_batch_size": 1}, on_progress=at, timeout_s=2)
    assert isinstance(caught.value, voxhost.TimedOut)
    if at.run:
        assert ended(host, at.run) == "cancelled"


def test_a_run_cancelled_by_somebody_else_says_so(host):
    at = AtFirstWindow(lambda: host.cancel(at.run))
    with pytest.raises(voxhost.RunCancelled) as caught:
        host.run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS, on_progress=at)
    assert caught.value.metadata["run"] == at.run


SCRIPT = """
import sys, voxhost
host = voxhost.connect(sys.argv[1], timeout_s=60)
def tell(progress):
    if progress.stage == "network":
        print(progress.event.run, flush=True)
try:
    host.run(sys.argv[2], sys.argv[3], parameters={"overlap": 0.95, "sw_batch_size": 1}, on_progress=tell)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_ends_the_run_on_the_host_and_is_a_keyboard_interrupt(host, address):
    child = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, address, LONG, str(HEAD_MRI)], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    name = child.stdout.readline().strip()
    child.send_signal(signal.SIGINT)
    rest = child.communicate(timeout=60)[0]
    assert "interrupted" in rest
    assert child.returncode == 0
    assert ended(host, name) == "cancelled"


MOVING = """
import sys, numpy, voxhost
host = voxhost.connect(sys.argv[1], timeout_s=60)
array = numpy.random.default_rng().integers(0, 2**16, (256, 256, 256), dtype=numpy.uint16)
told = False
def tell(done, total):
    global told
    if done and not told:
        told = True
        print("moving", flush=True)
        sys.stdin.readline()
image = (array, numpy.eye(4))
try:
    if sys.argv[2] == "upload":
        host.upload(image, on_bytes=tell)
    else:
        volume = host.upload(image)
        host.download(volume, on_bytes=tell)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    print(host.workflows()[0].name)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
@pytest.mark.parametrize("way", ["upload", "download"])
def test_ctrl_c_while_voxels_move_is_a_keyboard_interrupt_and_the_host_can_be_asked_on(address, way):
    child = subprocess.Popen(
        [sys.executable, "-c", MOVING, address, way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert child.stdout.readline() == "moving\n"
    child.send_signal(signal.SIGINT)
    rest = child.communicate(timeout=60)[0]
    assert rest.startswith("interrupted\n")
    assert len(rest.splitlines()) == 2
    assert child.returncode == 0


def test_cancelling_the_task_ends_the_run(host, address):
    async def start_and_cancel():
        async with await voxhost.aio.connect(address, timeout_s=60) as other:
            begun = asyncio.Event()
            at = AtFirstWindow(begun.set)
            task = asyncio.ensure_future(other.run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS, on_progress=at))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return at.run

    assert ended(host, asyncio.run(start_and_cancel())) == "cancelled"


def test_leaving_a_watch_leaves_the_run_alone(host):
    run = host.create_run(LONG, HEAD_MRI)
    for _ in host.watch_run(run):
        break
    assert host.wait(run).state == "succeeded"


def test_a_run_that_is_stopped_while_it_waits_never_starts(host):
    first = host.create_run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS)
    second = host.create_run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS)
    host.cancel(second)
    with pytest.raises(voxhost.RunCancelled):
        host.wait(second)
    host.cancel(first)
    assert ended(host, first.name) == "cancelled"
    assert host.get_run(second).start_time is None
