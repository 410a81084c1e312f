"""Downloads a volume: verified by its digest, gone on with where a lost connection stopped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, AsyncIterator, Optional

from .._transport.rpc_errors import is_lost_connection
from .._wire import chunks, from_wire, packing
from .._wire.methods import READ_VOLUME
from ..errors import DataDamaged, VoxhostError
from ..image import Image, empty_image
from ..nouns import Volume
from ..v1 import volume_service_pb2 as volumes
from .session import MAX_ATTEMPTS, Deadline, Session, wait_before_retry
from .upload import OnBytes


@dataclass
class _Download:
    """What has come so far."""

    name: str
    volume: Optional[Volume] = None
    image: Optional[Image] = None
    voxels: memoryview = field(default_factory=lambda: memoryview(b""))
    done: int = 0
    digest: Any = field(default_factory=hashlib.sha256)


async def download_image(
    session: Session, name: str, on_bytes: Optional[OnBytes] = None, deadline: Optional[Deadline] = None
) -> Image:
    """Brings a volume's voxels. @raises NotFound; DataDamaged when they are not what the digest says."""
    deadline = deadline or Deadline(None)
    state, attempt = _Download(name), 0
    while True:
        attempt, before = attempt + 1, state.done
        try:
            await _read_on(session, state, on_bytes, deadline)
            break
        except VoxhostError as error:
            if not is_lost_connection(error) or attempt >= MAX_ATTEMPTS:
                raise
            if state.done > before:
                attempt = 1
            await wait_before_retry(session.transport, attempt)
    if state.volume is None or state.image is None or state.done != len(state.voxels):
        raise _incomplete(state)
    if state.digest.hexdigest() != state.volume.sha256:
        raise DataDamaged(
            f"The voxels of volume {name} are not what its digest says. Download it again.", metadata={"volume": name}
        )
    return state.image


async def _read_on(session: Session, state: _Download, on_bytes: Optional[OnBytes], deadline: Deadline) -> None:
    packed = packing.NAME in session.info.chunk_encodings and not session.transport.where.is_local
    request = volumes.ReadVolumeRequest(
        name=state.name,
        offset_bytes=state.done,
        accept_encodings=[volumes.CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE] if packed else [],
    )
    messages = session.transport.read(READ_VOLUME, request, deadline.left_s())
    try:
        async for message in messages:
            if chunks.is_chunk(message):
                _take(message, state)
                if on_bytes:
                    on_bytes(state.done, len(state.voxels))
            else:
                _begin(volumes.ReadVolumeResponse.FromString(message).volume, state)
    finally:
        await aclose(messages)


def _begin(message: volumes.Volume, state: _Download) -> None:
    """The first message of each attempt: room for the voxels, once."""
    state.volume = found = from_wire.volume(message)
    if state.image is None:
        state.image, state.voxels = empty_image(
            found.sizes, found.component_type, found.components, found.index_to_world_lps, found.modality
        )
        if len(state.voxels) != found.size_bytes:
            raise DataDamaged(
                f"Volume {state.name} has {found.size_bytes} bytes, its header says {len(state.voxels)}.",
                reason="SIZE_MISMATCH",
            )


def _take(message: bytes, state: _Download) -> None:
    """Puts a chunk in its place: the one copy of the voxels."""
    if state.image is None:
        raise _incomplete(state)
    try:
        chunk = chunks.read_chunk(message)
        data: Any = chunk.data
        if chunk.encoding == chunks.PACKED:
            data = packing.unpack(chunk.data, chunk.decoded_bytes, state.image.component_bytes)
        elif chunk.encoding != chunks.PLAIN:
            raise ValueError("an encoding that was asked for")
    except ValueError as error:
        raise DataDamaged(f"A part of volume {state.name} is not one: expected {error}.") from error
    if chunk.offset_bytes != state.done or state.done + len(data) > len(state.voxels):
        raise _incomplete(state)
    state.voxels[state.done : state.done + len(data)] = data
    state.digest.update(data)
    state.done += len(data)


def _incomplete(state: _Download) -> DataDamaged:
    return DataDamaged(
        f"Volume {state.name} came out of order or incomplete, after {state.done} bytes. Download it again.",
        reason="INCOMPLETE_DOWNLOAD",
        metadata={"volume": state.name, "done_bytes": str(state.done)},
    )


async def aclose(messages: AsyncIterator[Any]) -> None:
    """Ends a generator now, not when it is collected."""
    close = getattr(messages, "aclose", None)
    if close:
        await close()
