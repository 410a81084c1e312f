"""local(): a host on this machine, started as a child of this process and ended with it."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections import deque
from importlib.util import find_spec
from typing import Any, Deque, List, Mapping, Optional, Sequence

from .errors import HostFailed
from .host import Host, connect

_KEPT_LOG_LINES = 20
#: Settings of a host that others can reach: not for one that is ours alone.
_NOT_FOR_A_CHILD = ("VOXHOST_ADDRESS", "VOXHOST_TLS_CERT", "VOXHOST_TLS_KEY", "VOXHOST_TOKEN", "VOXHOST_TOKEN_FILE")


def local(
    workflows: Optional[Any] = None,
    *,
    data: Optional[Any] = None,
    device: str = "auto",
    threads: Optional[int] = None,
    command: Optional[Sequence[str]] = None,
    timeout_s: float = 60.0,
) -> Host:
    """Starts a host on this machine and connects to it; it ends with `close()`, and with this process whatever happens.

    workflows: the folder of bundles (default: the host's own). data: the folder for volumes and runs (default: a
    temporary one, removed at the end). device: `auto`, `cpu`, `cuda`, … command: how `voxhost` is called when it is
    neither of `pip install "voxhost[host]"` nor on the PATH.

    Raises HostFailed with the end of the host's log when it does not start.
    """
    child = _Child(command or find_command(), workflows, data, device, threads)
    try:
        host = connect(child.address(timeout_s), timeout_s=timeout_s)
    except BaseException:
        child.stop()
        raise
    host._on_close = child.stop
    return host


def find_command() -> List[str]:
    """How to call `voxhost`: the one of pip's voxhost-host, else the one of npm on the PATH. @raises HostFailed"""
    if find_spec("voxhost_host"):
        import voxhost_host

        return list(voxhost_host.command())
    import shutil

    found = shutil.which("voxhost")
    if found:
        return [found]
    raise HostFailed(
        'No host is installed on this machine: pip install "voxhost[host]" brings one, with Node.',
        code="FAILED_PRECONDITION",
        reason="HOST_DID_NOT_START",
    )


class _Child:
    """`voxhost serve --child`: it says its address on standard output and ends when its standard input does."""

    def __init__(
        self,
        command: Sequence[str],
        workflows: Any,
        data: Any,
        device: str,
        threads: Optional[int],
        more: Sequence[str] = (),
    ) -> None:
        import tempfile

        self._scratch = tempfile.mkdtemp(prefix="voxhost-") if data is None else None
        folder = self._scratch or os.fspath(data)
        arguments = ["serve", "--child", "--address", "127.0.0.1:0", "--data", folder, "--device", device]
        if workflows is not None:
            arguments += ["--workflows", os.fspath(workflows)]
        if threads is not None:
            arguments += ["--threads", str(threads)]
        arguments += more
        self._process = subprocess.Popen(  # noqa: S603
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(os.environ),
            # Ctrl-C in the terminal reaches us alone, and the run is cancelled before the host ends.
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._log: Deque[str] = deque(maxlen=_KEPT_LOG_LINES)
        self._said: List[str] = []
        self._listening = threading.Event()
        self._stopped = False
        self._threads = [threading.Thread(target=read, daemon=True) for read in (self._read_output, self._read_log)]
        for thread in self._threads:
            thread.start()
        atexit.register(self.stop)

    def address(self, timeout_s: float) -> str:
        """Where it listens. @raises HostFailed"""
        self._listening.wait(timeout_s)
        if self._said:
            return self._said[0]
        try:
            # Its output ends a moment before it does.
            code = self._process.wait(5.0 if self._listening.is_set() else 0.0)
        except subprocess.TimeoutExpired:
            code = None
        what = "did not listen in time" if code is None else f"ended with exit code {code}"
        self.stop()
        lines = "\n".join(self._log)
        raise HostFailed(
            f"The host on this machine {what}. Its log ends:\n{lines}",
            code="FAILED_PRECONDITION",
            reason="HOST_DID_NOT_START",
        )

    def stop(self) -> None:
        """Ends it and waits until it is gone."""
        if self._stopped:
            return
        self._stopped = True
        atexit.unregister(self.stop)
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        if self._scratch:
            import shutil

            shutil.rmtree(self._scratch, ignore_errors=True)

    def _read_output(self) -> None:
        for line in self._process.stdout or ():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and isinstance(said.get("address"), str):
                self._said.append(said["address"])
                self._listening.set()
        self._listening.set()

    def _read_log(self) -> None:
        for line in self._process.stderr or ():
            self._log.append(line.decode(errors="replace").rstrip())


def _environment(env: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in env.items() if name not in _NOT_FOR_A_CHILD}
