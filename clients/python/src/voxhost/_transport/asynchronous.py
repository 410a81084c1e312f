"""Calls on an asyncio loop: cancelling the task cancels the call."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, AsyncIterator, Callable, Optional

import grpc
from google.protobuf.message import Message

from .._wire.methods import Method
from ..errors import VoxhostError
from .address import Where, channel_options, metadata, read_roots
from .contract import ASK_TIMEOUT_S, Outgoing, Q, R, T
from .rpc_errors import from_rpc_error


class AsyncConnection:
    """The channel of an asyncio Host: opened at its first call, on the loop that makes it."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self._lock = threading.Lock()
        self._channel: Optional[grpc.aio.Channel] = None
        self._closed = False

    def channel(self) -> grpc.aio.Channel:
        """@raises VoxhostError after `close`."""
        with self._lock:
            if self._closed:
                raise VoxhostError(
                    "This Host is closed: connect again.", code="FAILED_PRECONDITION", reason="HOST_CLOSED"
                )
            if self._channel is None:
                options = channel_options(self.where)
                if self.where.secure:
                    credentials = grpc.ssl_channel_credentials(read_roots(self.where))
                    self._channel = grpc.aio.secure_channel(self.where.target, credentials, options)
                else:
                    self._channel = grpc.aio.insecure_channel(self.where.target, options)
            return self._channel

    async def close(self) -> None:
        """Ends the connection; calls under way fail."""
        channel, self._channel, self._closed = self._channel, None, True
        if channel is not None:
            await channel.close()


class AsyncTransport:
    """A connection on an asyncio loop."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._metadata = metadata(connection.where)

    @property
    def where(self) -> Where:
        return self._connection.where

    def unstoppable(self) -> AsyncTransport:
        return self

    async def ask(self, method: Method[Q, R], request: Q, timeout_s: Optional[float] = ASK_TIMEOUT_S) -> R:
        caller: Any = self._connection.channel().unary_unary(
            method.path, request_serializer=_serialize, response_deserializer=method.response.FromString
        )
        try:
            answer: R = await caller(request, timeout=timeout_s, metadata=self._metadata)
            return answer
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, self.where.address) from error

    async def read(self, method: Method[Q, Any], request: Q, timeout_s: Optional[float] = None) -> AsyncIterator[bytes]:
        caller: Any = self._connection.channel().unary_stream(
            method.path, request_serializer=_serialize, response_deserializer=None
        )
        call = caller(request, timeout=timeout_s, metadata=self._metadata)
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, self.where.address) from error
        finally:
            call.cancel()

    async def send(
        self,
        method: Method[Any, R],
        messages: Outgoing,
        on_sent: Optional[Callable[[int], None]] = None,
        timeout_s: Optional[float] = None,
    ) -> R:
        caller: Any = self._connection.channel().stream_unary(
            method.path, request_serializer=None, response_deserializer=method.response.FromString
        )
        call = caller(timeout=timeout_s, metadata=self._metadata)
        try:
            while True:
                # Making a message may copy, turn or pack megabytes: not on the loop.
                item = await asyncio.to_thread(next, messages, None)
                if item is None:
                    break
                await call.write(item[0])
                if on_sent:
                    on_sent(item[1])
            await call.done_writing()
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass  # The host has answered already: its status says why.
        except BaseException:
            call.cancel()
            raise
        try:
            answer: R = await call
            return answer
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, self.where.address) from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def compute(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()
