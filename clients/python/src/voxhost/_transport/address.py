"""Where a host listens and how to get there: address, TLS, token, gRPC's options. Pure but for certificate files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import List, Optional, Tuple, Union

from ..errors import InvalidInput

#: Where `voxhost serve` listens unless told otherwise.
DEFAULT_ADDRESS = "127.0.0.1:50151"
_DEFAULT_PORT = 50151

Tls = Union[bool, str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Where:
    """All that reaching a host needs: plain data, so that a Host can be pickled."""

    address: str
    #: As gRPC has it.
    target: str
    #: True for this machine: no compression, no proxy.
    is_local: bool
    token: Optional[str] = None
    secure: bool = False
    #: A file with the authority that signed the host's certificate.
    ca_file: Optional[str] = None
    #: The name in the certificate, when it is not the address's.
    server_name: Optional[str] = None


def plan_connection(address: str, token: Optional[str], tls: Tls, server_name: Optional[str], insecure: bool) -> Where:
    """Checks what a person wrote. @raises InvalidInput"""
    target, is_local = parse_address(address)
    secure = tls is not False
    if token is not None and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise InvalidInput("token has spaces or other characters that a header cannot carry, or is empty")
    if token and not secure and not is_local and not insecure:
        raise InvalidInput(
            f"A token would cross the network to {address} readable: use tls=True, or tls='authority.pem' with the "
            "authority that signed the host's certificate. On a network that nobody else can read, insecure=True."
        )
    ca_file = None if isinstance(tls, bool) else os.fspath(tls)
    return Where(address, target, is_local, token, secure, ca_file, server_name)


def parse_address(address: str) -> Tuple[str, bool]:
    """`host:port`, `host`, `[::1]:port` or `unix:/path` as gRPC wants it, and whether it is this machine."""
    if re.fullmatch(r"unix:.+", address):
        return address, True
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?", address)
    port = int(match[2] or _DEFAULT_PORT) if match else 0
    if not match or not 1 <= port <= 65535:
        raise InvalidInput(
            f'address is "{address}", expected host:port or unix:/path, such as {DEFAULT_ADDRESS}',
            metadata={"field": "address", "got": address},
        )
    name = match[1]
    is_local = name in ("localhost", "[::1]") or re.fullmatch(r"127(\.\d{1,3}){3}", name) is not None
    return f"{name}:{port}", is_local


def read_roots(where: Where) -> Optional[bytes]:
    """The authorities to trust, PEM: the given file, else the system's; None leaves it to gRPC's own list."""
    if where.ca_file is not None:
        try:
            with open(where.ca_file, "rb") as file:
                return file.read()
        except OSError as error:
            raise InvalidInput(
                f"tls is '{where.ca_file}', expected a certificate file (PEM) that can be read: {error.strerror}"
            ) from error
    import ssl

    trusted = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, trusted)).encode() or None


def channel_options(where: Where) -> List[Tuple[str, Union[int, str]]]:
    """gRPC's settings for long quiet runs through proxies, and for large volumes."""
    options: List[Tuple[str, Union[int, str]]] = [
        ("grpc.max_receive_message_length", 16 * 2**20),
        # A proxy that cuts connections idle for 60 s sees a ping before; also while the host only computes.
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.initial_reconnect_backoff_ms", 200),
        # By its name a pause; in gRPC's core it is how long one attempt to connect may take.
        ("grpc.min_reconnect_backoff_ms", 5_000),
        ("grpc.max_reconnect_backoff_ms", 5_000),
        # Retries are ours: they resume where the data stopped.
        ("grpc.enable_retries", 0),
        # Each Host is a connection of its own.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    if where.is_local:
        options.append(("grpc.enable_http_proxy", 0))
    if where.server_name:
        options.append(("grpc.ssl_target_name_override", where.server_name))
    return options


def metadata(where: Where) -> Optional[List[Tuple[str, str]]]:
    """Headers of every call: the token."""
    return [("authorization", f"Bearer {where.token}")] if where.token else None
