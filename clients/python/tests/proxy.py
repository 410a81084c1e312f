"""A TCP proxy that breaks connections as a pulled cable does, and counts what passes."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import List, Optional, Set


class Proxy:
    """Listens on a free port of loopback until `close`."""

    def __init__(self, target: str) -> None:
        name, port = target.rsplit(":", 1)
        self._target = (name, int(port))
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.bytes_to_server = 0
        self.bytes_to_client = 0
        self.connections = 0
        self._cut_up: List[int] = []
        self._cut_down: List[int] = []
        self._sockets: Set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, *, up: Optional[List[int]] = None, down: Optional[List[int]] = None) -> None:
        """Breaks every connection when that many bytes in all have passed, once for each number."""
        self._cut_up, self._cut_down = list(up or []), list(down or [])

    def cut(self) -> None:
        """Breaks every connection now; new ones are taken."""
        with self._lock:
            sockets, self._sockets = list(self._sockets), set()
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._server.close()
        self.cut()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._server.accept()
                server = socket.create_connection(self._target)
            except OSError:
                return
            self.connections += 1
            with self._lock:
                self._sockets |= {client, server}
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                if self._is_cut(len(data), up):
                    self.cut()
                    return
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _is_cut(self, size: int, up: bool) -> bool:
        with self._lock:
            if up:
                self.bytes_to_server += size
                passed, cuts = self.bytes_to_server, self._cut_up
            else:
                self.bytes_to_client += size
                passed, cuts = self.bytes_to_client, self._cut_down
            if cuts and passed >= cuts[0]:
                cuts.pop(0)
                return True
            return False
