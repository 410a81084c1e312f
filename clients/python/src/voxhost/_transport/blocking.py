"""Calls that block: grpc's own threads move the data, the caller waits and may be interrupted."""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from typing import Any, AsyncIterator, Callable, Coroutine, Iterator, Optional, TypeVar

import grpc
from google.protobuf.message import Message

from .._wire.methods import Method
from ..errors import RunCancelled, VoxhostError
from ..stop import Stop
from .address import Where, channel_options, metadata, read_roots
from .contract import ASK_TIMEOUT_S, Outgoing, Q, R, T
from .rpc_errors import from_rpc_error

V = TypeVar("V")

#: On Windows a wait for a lock hears no Ctrl-C: there the waits are short ones.
_PATIENCE_S = 0.2 if sys.platform == "win32" else None


def run_blocking(flow: Coroutine[Any, Any, V]) -> V:
    """Runs a flow whose transport never suspends: its result, or what it raised."""
    try:
        flow.send(None)
    except StopIteration as end:
        result: V = end.value
        return result
    flow.close()
    raise AssertionError("a blocking transport suspended")


class Connection:
    """The channel of a Host: opened at its first call, and again in a process that got the Host by fork or pickle."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self._lock = threading.Lock()
        self._channel: Optional[grpc.Channel] = None
        self._process = os.getpid()
        self._closed = False

    def channel(self) -> grpc.Channel:
        """@raises VoxhostError after `close`."""
        with self._lock:
            if self._closed:
                raise VoxhostError(
                    "This Host is closed: connect again.", code="FAILED_PRECONDITION", reason="HOST_CLOSED"
                )
            if self._process != os.getpid():
                # The parent's sockets and threads are not ours: forget them without closing.
                self._channel, self._process = None, os.getpid()
            if self._channel is None:
                self._channel = _open(self.where)
            return self._channel

    def close(self) -> None:
        """Ends the connection; calls under way fail."""
        with self._lock:
            channel, self._channel, self._closed = self._channel, None, True
        if channel is not None and self._process == os.getpid():
            channel.close()


def _open(where: Where) -> grpc.Channel:
    options = channel_options(where)
    if where.secure:
        return grpc.secure_channel(where.target, grpc.ssl_channel_credentials(read_roots(where)), options)
    return grpc.insecure_channel(where.target, options)


class BlockingTransport:
    """A connection that one call uses, with the switch that ends it."""

    def __init__(self, connection: Connection, stop: Optional[Stop] = None) -> None:
        self._connection = connection
        self._stop = stop
        self._metadata = metadata(connection.where)

    @property
    def where(self) -> Where:
        return self._connection.where

    def unstoppable(self) -> BlockingTransport:
        return BlockingTransport(self._connection)

    async def ask(self, method: Method[Q, R], request: Q, timeout_s: Optional[float] = ASK_TIMEOUT_S) -> R:
        caller: Any = self._connection.channel().unary_unary(
            method.path, request_serializer=_serialize, response_deserializer=method.response.FromString
        )
        call = caller.future(request, timeout=timeout_s, metadata=self._metadata)
        result: R = self._finish(call, lambda: call.result())
        return result

    async def read(self, method: Method[Q, Any], request: Q, timeout_s: Optional[float] = None) -> AsyncIterator[bytes]:
        caller: Any = self._connection.channel().unary_stream(
            method.path, request_serializer=_serialize, response_deserializer=None
        )
        call = caller(request, timeout=timeout_s, metadata=self._metadata)
        release = self._listen(call)
        try:
            for message in call:
                yield message
        except grpc.RpcError as error:
            raise self._error(error) from error
        finally:
            release()
            call.cancel()

    async def send(
        self,
        method: Method[Any, R],
        messages: Outgoing,
        on_sent: Optional[Callable[[int], None]] = None,
        timeout_s: Optional[float] = None,
    ) -> R:
        # The generator runs in a thread of gRPC's; what it says of its progress is passed on in the caller's.
        news: queue.SimpleQueue[Optional[int]] = queue.SimpleQueue()
        failures = []

        def outgoing() -> Iterator[bytes]:
            try:
                for message, done in messages:
                    yield message
                    if on_sent:  # each word of progress wakes the caller's thread: none where nobody listens
                        news.put(done)
            except Exception as error:  # raised again below, where the caller waits
                failures.append(error)
                raise

        caller: Any = self._connection.channel().stream_unary(
            method.path, request_serializer=None, response_deserializer=method.response.FromString
        )
        call = caller.future(outgoing(), timeout=timeout_s, metadata=self._metadata)
        call.add_done_callback(lambda _: news.put(None))

        def wait() -> R:
            for done in iter(lambda: _take(news), None):
                if on_sent:
                    on_sent(done)
            answer: R = call.result()
            return answer

        try:
            return self._finish(call, wait)
        except VoxhostError:
            if failures:
                raise failures[0] from None
            raise

    async def sleep(self, seconds: float) -> None:
        if self._stop is None:
            time.sleep(seconds)
        elif self._stop.wait(seconds):
            raise stopped()

    async def compute(self, work: Callable[[], T]) -> T:
        return work()

    def _finish(self, call: Any, wait: Callable[[], V]) -> V:
        """Waits for a call; whatever ends the waiting, an interrupt for instance, ends the call."""
        release = self._listen(call)
        try:
            return wait()
        except grpc.RpcError as error:
            raise self._error(error) from error
        except grpc.FutureCancelledError as error:
            raise stopped() from error
        except BaseException:
            call.cancel()
            raise
        finally:
            release()

    def _listen(self, call: Any) -> Callable[[], None]:
        return self._stop.listen(call.cancel) if self._stop else lambda: None

    def _error(self, error: grpc.RpcError) -> VoxhostError:
        if self._stop and self._stop.is_set:
            return stopped()
        return from_rpc_error(error, self.where.address)


def stopped() -> RunCancelled:
    """What a call raises whose caller stopped it."""
    return RunCancelled("The call was stopped by its caller.", reason="CANCELLED")


def _take(news: queue.SimpleQueue[Optional[int]]) -> Optional[int]:
    while True:
        try:
            return news.get(timeout=_PATIENCE_S)
        except queue.Empty:
            continue


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()
