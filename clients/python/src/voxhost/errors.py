"""Everything that can go wrong, one class a kind, all below VoxhostError. docs/errors.md lists the reasons.

    VoxhostError
    ├── HostUnavailable    nothing answers, the host is ending, TLS does not come about
    ├── ProtocolMismatch   client and host speak no common revision, or it is no Voxhost host
    ├── NotAuthorized      a token is missing or wrong, or the host does not allow it
    ├── InvalidInput       (ValueError) the image, a parameter or an option is not one that can be
    ├── NotFound           (LookupError) no workflow, volume, run or upload has that name
    ├── LimitReached       a limit of the host, its disk, its queue
    ├── NotReady           the state of a workflow, a run, a volume does not allow it
    ├── DataDamaged        bytes are not those that were sent
    ├── TimedOut           (TimeoutError) the deadline passed
    ├── RunFailed          the workflow failed on this image
    ├── RunCancelled       the run was stopped
    └── HostFailed         an error of the host's own

`code` is a gRPC status code's name, `reason` is stable and for programs, `metadata` has field, value and expectation.
"""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Tuple, Type


class VoxhostError(Exception):
    """Any error of this package. `str(error)` is a sentence for people: what went wrong and what to do."""

    code = "INTERNAL"
    reason = "INTERNAL"

    def __init__(
        self,
        message: str,
        *,
        code: Optional[str] = None,
        reason: Optional[str] = None,
        metadata: Optional[Mapping[str, str]] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.reason = reason or type(self).reason
        self.metadata: Dict[str, str] = dict(metadata or {})

    def __reduce__(self) -> Tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.code, self.reason, self.metadata))


def _rebuild(
    kind: Type[VoxhostError], message: str, code: str, reason: str, metadata: Mapping[str, str]
) -> VoxhostError:
    return kind(message, code=code, reason=reason, metadata=metadata)


class HostUnavailable(VoxhostError):
    """Nothing answers at the address, the connection broke and stayed away, or the host is ending."""

    code = "UNAVAILABLE"
    reason = "HOST_UNAVAILABLE"


class ProtocolMismatch(VoxhostError):
    """Client and host speak no common revision of the protocol: the message says which to update."""

    code = "FAILED_PRECONDITION"
    reason = "PROTOCOL_MISMATCH"


class NotAuthorized(VoxhostError):
    """The host wants a token, another token, or does not allow this."""

    code = "UNAUTHENTICATED"
    reason = "NO_TOKEN"


class InvalidInput(VoxhostError, ValueError):
    """An image, a parameter or an option has a value that it cannot have; the message names it."""

    code = "INVALID_ARGUMENT"
    reason = "INVALID_FIELD"


class NotFound(VoxhostError, LookupError):
    """No workflow, volume, run or upload has that name."""

    code = "NOT_FOUND"
    reason = "VOLUME_NOT_FOUND"


class LimitReached(VoxhostError):
    """A limit of the host is reached: its disk, its queue, the largest volume. The message has the numbers."""

    code = "RESOURCE_EXHAUSTED"
    reason = "LIMIT_EXCEEDED"


class NotReady(VoxhostError):
    """The state of a workflow, a run, a volume or the host does not allow this now."""

    code = "FAILED_PRECONDITION"
    reason = "WORKFLOW_FAILED"


class DataDamaged(VoxhostError):
    """The bytes that arrived are not those that were sent."""

    code = "DATA_LOSS"
    reason = "DIGEST_MISMATCH"


class TimedOut(VoxhostError, TimeoutError):
    """The deadline passed; what was started on the host is stopped."""

    code = "DEADLINE_EXCEEDED"
    reason = "DEADLINE_EXCEEDED"


class RunFailed(VoxhostError):
    """The workflow failed on this image: the message says at which step and why. `run` names the run."""

    reason = "OPERATOR_FAILED"

    @property
    def run(self) -> str:
        """The run's name on the host."""
        return self.metadata.get("run", "")


class RunCancelled(VoxhostError):
    """The run was stopped: by its caller, by somebody else, or because the workflow or the host went away."""

    code = "CANCELLED"
    reason = "CANCELLED"


class HostFailed(VoxhostError):
    """The host met an error of its own; its log has the details."""


_BY_REASON: Mapping[str, Type[VoxhostError]] = {
    "PROTOCOL_MISMATCH": ProtocolMismatch,
    "UNIMPLEMENTED": ProtocolMismatch,
}

_BY_CODE: Mapping[str, Type[VoxhostError]] = {
    "CANCELLED": RunCancelled,
    "INVALID_ARGUMENT": InvalidInput,
    "DEADLINE_EXCEEDED": TimedOut,
    "NOT_FOUND": NotFound,
    "ALREADY_EXISTS": InvalidInput,
    "PERMISSION_DENIED": NotAuthorized,
    "UNAUTHENTICATED": NotAuthorized,
    "RESOURCE_EXHAUSTED": LimitReached,
    "FAILED_PRECONDITION": NotReady,
    "ABORTED": NotReady,
    "OUT_OF_RANGE": InvalidInput,
    "UNIMPLEMENTED": ProtocolMismatch,
    "UNAVAILABLE": HostUnavailable,
    "DATA_LOSS": DataDamaged,
}


def error_from(code: str, reason: str, message: str, metadata: Mapping[str, str]) -> VoxhostError:
    """The error of the right class for a host's answer."""
    kind = _BY_REASON.get(reason) or _BY_CODE.get(code, HostFailed)
    return kind(message, code=code, reason=reason, metadata=metadata)
