"""Slicer's event loop holds Python's global lock. What that does to a thread, and that the module's loop mends it."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

SCRIPT = """
import sys, threading, time
sys.path[:0] = {paths!r}
import qt_for_tests
qt_for_tests.install()
import qt
from held_gil import exec_holding_the_lock
from VoxhostLib.job.loop import Loop
from VoxhostLib.job.pace import TRANSFER
from VoxhostLib.job.worker import Worker

application = qt.QCoreApplication([])
begun, end, steps, longest_pause_s = threading.Event(), threading.Event(), [0], [0.0]

def work(task):
    # Gives the lock away at each step, as each message of an upload does.
    begun.set()
    last = time.monotonic()
    while not end.is_set() and steps[0] < 2000:
        end.wait(0.0001)
        steps[0] += 1
        now = time.monotonic()
        longest_pause_s[0], last = max(longest_pause_s[0], now - last), now
    return steps[0]

class Activity:
    worker, pace, result = None, None, None
    def tick(self):
        self.worker.give_time(TRANSFER.give_s)
        if self.worker.outcome is not None:
            self.result, self.pace = self.worker.outcome, None
            application.quit()

activity = Activity()
if sys.argv[1] == "with-loop":
    timer = qt.QTimer()
    loop = Loop(timer)
    loop.add(activity)
    activity.worker, activity.pace = Worker(work, "steps"), TRANSFER
    loop.wake()
    exec_holding_the_lock()
    print(*activity.result)
else:
    # Nothing in this loop is Python: a C++ timer ends it after 300 ms.
    timer = qt.QTimer()
    timer.timeout.connect(application.quit)
    timer.start(300)
    worker = Worker(work, "steps")
    begun.wait()
    exec_holding_the_lock()
    end.set()
    while worker.outcome is None:
        worker.give_time(1)
    print("stood still" if longest_pause_s[0] >= 0.2 else f"moved after {{longest_pause_s[0]}} s")
"""


def run(mode):
    script = SCRIPT.format(paths=[str(HERE), str(HERE.parent / "Voxhost")])
    done = subprocess.run([sys.executable, "-c", script, mode], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="enters Qt by a symbol of the Linux ABI")


def test_a_thread_stands_still_in_a_loop_that_holds_the_lock():
    assert run("without-loop") == "stood still"


def test_with_the_modules_loop_the_same_thread_comes_to_its_end():
    assert run("with-loop") == "done 2000"
