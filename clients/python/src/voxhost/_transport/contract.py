"""What the flows need of a connection. Both ways have async methods: the blocking one's never suspend."""

from __future__ import annotations

from typing import Any, AsyncIterator, Callable, Iterator, Optional, Protocol, TypeVar

from google.protobuf.message import Message

from .._wire.methods import Method
from .address import Where

Q = TypeVar("Q", bound=Message)
R = TypeVar("R", bound=Message)
T = TypeVar("T")

#: A message to send, serialised, and how many bytes of the whole are then on their way.
Outgoing = Iterator["tuple[bytes, int]"]

#: Seconds that a call which only asks may take.
ASK_TIMEOUT_S = 60.0


class Transport(Protocol):
    """A connection. Every method raises VoxhostError for a failed call."""

    @property
    def where(self) -> Where:
        """Where it leads."""

    async def ask(self, method: Method[Q, R], request: Q, timeout_s: Optional[float] = ASK_TIMEOUT_S) -> R:
        """One request, one response."""

    def read(self, method: Method[Q, Any], request: Q, timeout_s: Optional[float] = None) -> AsyncIterator[bytes]:
        """One request, then messages as they come, serialised. Leaving the loop (aclose) cancels the call."""

    async def send(
        self,
        method: Method[Any, R],
        messages: Outgoing,
        on_sent: Optional[Callable[[int], None]] = None,
        timeout_s: Optional[float] = None,
    ) -> R:
        """Many messages, one response. `on_sent` is called where the caller waits, never in another thread."""

    async def sleep(self, seconds: float) -> None:
        """Waits."""

    async def compute(self, work: Callable[[], T]) -> T:
        """Does what takes a while without holding others up."""

    def unstoppable(self) -> Transport:
        """The same connection for what must still be said when the caller has stopped."""
