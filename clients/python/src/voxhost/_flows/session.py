"""A connection that has been greeted: the transport, what the host said of itself, retries and deadlines."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import Optional

from .._transport.contract import ASK_TIMEOUT_S, Q, R, Transport
from .._transport.rpc_errors import is_lost_connection
from .._wire import from_wire
from .._wire.methods import GET_HOST_INFO, Method
from ..errors import ProtocolMismatch, TimedOut, VoxhostError
from ..nouns import HostInfo
from ..v1.host_service_pb2 import GetHostInfoRequest

#: The revision of voxhost.v1 that this client speaks.
PROTOCOL_VERSION = 1

#: Attempts without progress before a lost connection is given up.
MAX_ATTEMPTS = 6
#: The same for a question that somebody waits for.
_ASKED_AGAIN = 3
_FIRST_DELAY_S = 0.2
_LONGEST_DELAY_S = 5.0


@dataclass(frozen=True)
class Session:
    """What a flow works with."""

    transport: Transport
    info: HostInfo


async def get_info(transport: Transport, timeout_s: Optional[float]) -> HostInfo:
    """What the host says of itself."""
    return from_wire.host_info(await transport.ask(GET_HOST_INFO, GetHostInfoRequest(), timeout_s))


def check_protocol(address: str, info: HostInfo, ours: int = PROTOCOL_VERSION) -> None:
    """@raises ProtocolMismatch in a sentence that says which of the two must be updated."""
    least, most = info.protocol_version_min, info.protocol_version_max
    if least <= ours <= most:
        return
    spoken = f"revision {least}" if least == most else f"revisions {least} to {most}"
    older = "this client (pip install -U voxhost)" if ours < least else "the host"
    raise ProtocolMismatch(
        f"The host at {address} (version {info.version}) speaks {spoken} of the protocol, this client revision {ours}. "
        f"Update {older}.",
        metadata={"address": address, "host_version": info.version, "min": str(least), "max": str(most)},
    )


async def ask_again(transport: Transport, method: Method[Q, R], request: Q) -> R:
    """Asks what may be asked twice: that a proxy cut a quiet connection shows only in the call that meets the cut."""
    for attempt in range(1, _ASKED_AGAIN):
        try:
            return await transport.ask(method, request, ASK_TIMEOUT_S)
        except VoxhostError as error:
            if not is_lost_connection(error):
                raise
        await wait_before_retry(transport, attempt)
    return await transport.ask(method, request, ASK_TIMEOUT_S)


async def wait_before_retry(transport: Transport, attempt: int) -> None:
    """Waits before attempt `attempt` (1 is the first retry): exponential, with jitter."""
    delay_s = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** (attempt - 1))
    await transport.sleep(delay_s * (0.5 + random.random() / 2))  # noqa: S311


class Deadline:
    """When a call of several parts must be done."""

    def __init__(self, timeout_s: Optional[float]) -> None:
        self._timeout_s = timeout_s
        self._end = None if timeout_s is None else time.monotonic() + timeout_s

    def left_s(self, at_most_s: Optional[float] = None) -> Optional[float]:
        """Seconds for the next part; None without a limit. @raises TimedOut when none are left."""
        if self._end is None:
            return at_most_s
        left_s = self._end - time.monotonic()
        if left_s <= 0:
            raise TimedOut(f"It took longer than {self._timeout_s:g} s.")
        return left_s if at_most_s is None else min(left_s, at_most_s)
