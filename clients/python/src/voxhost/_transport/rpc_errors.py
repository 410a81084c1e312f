"""A failed gRPC call as a VoxhostError with a sentence for people."""

from __future__ import annotations

import re
from typing import Any

import grpc

from .._wire.runs_from_wire import code_name
from .._wire.status_details import DETAILS_KEY, read_details
from ..errors import VoxhostError, error_from


def from_rpc_error(error: Any, address: str) -> VoxhostError:
    """What a grpc.RpcError (blocking or aio) means."""
    code = code_name(error.code().value[0])
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            details = read_details(value)
            if details:
                return error_from(code, details.reason, details.message, details.metadata)
    return _bare_status(error.code(), code, error.details() or "", address)


def _bare_status(status: grpc.StatusCode, code: str, details: str, address: str) -> VoxhostError:
    """A status without details comes from gRPC itself, or from a server that is no Voxhost host."""
    metadata = {"address": address, "grpc": details[:300]}
    if details == "Internal error from Core":
        # grpc.aio says this when a write meets a broken connection (set_internal_error in its _write).
        code, status, details = "UNAVAILABLE", grpc.StatusCode.UNAVAILABLE, "Socket closed"
    if status is grpc.StatusCode.UNAVAILABLE:
        said = f"No host answers at {address}: {explain_connection(details)}"
        return error_from(code, "HOST_UNAVAILABLE", said, metadata)
    if status is grpc.StatusCode.DEADLINE_EXCEEDED:
        return error_from(code, "DEADLINE_EXCEEDED", f"The host at {address} did not answer in time.", metadata)
    if status is grpc.StatusCode.UNIMPLEMENTED:
        said = f"What answers at {address} does not speak voxhost.v1: it is no Voxhost host, or a much older one."
        return error_from(code, "UNIMPLEMENTED", said, metadata)
    if status is grpc.StatusCode.CANCELLED:
        return error_from(code, "CANCELLED", "The call was cancelled.", metadata)
    return error_from(code, "INTERNAL", details or f"The host at {address} answered {code}.", metadata)


_EXPLANATIONS = (
    (r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|unable to get local issuer",
     "its certificate is not signed by an authority that this machine trusts. Give it: tls='authority.pem'."),
    (r"Hostname Verification|Peer name .* is not in peer certificate|No match found for server name",
     "its certificate is for another name. Connect by that name, or give it as server_name."),
    (r"WRONG_VERSION_NUMBER|Ssl handshake failed|SSL_ERROR|HTTP/1|http1\.x|Trying to connect",
     "what listens there does not agree on TLS. Is it a Voxhost host, and does one side alone speak TLS?"),
    (r"Connection refused|No such file",
     "nothing listens there. Is the host running (voxhost serve)?"),
    (r"DNS resolution|Name or service not known|getaddrinfo|Domain name not found|Could not contact DNS",
     "no machine of that name is known."),
    (r"No route to host|Network is unreachable|Connection timed out|FD shutdown|handshake.*timed? ?out",
     "the machine cannot be reached."),
    (r"Socket closed|Connection reset|Broken pipe|GOAWAY|Endpoint closing|recvmsg|EOF|[Kk]eepalive|Stream removed",
     "the connection was lost. Is the host still running, and does a proxy between cut connections?"),
)  # fmt: skip


def explain_connection(details: str) -> str:
    """gRPC's words for a connection that failed, as a person would say it."""
    for pattern, sentence in _EXPLANATIONS:
        if re.search(pattern, details):
            return sentence
    said = re.sub(r"^failed to connect to all addresses; last error: (?:\w+: )?", "", details)
    return said.rstrip(".") + "."


def is_lost_connection(error: BaseException) -> bool:
    """Whether the same call may succeed in a moment: the connection broke, nothing was refused."""
    return isinstance(error, VoxhostError) and error.code == "UNAVAILABLE"
