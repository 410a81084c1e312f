"""Uploads a volume: asks whether the host has it, sends what it lacks, goes on where a lost connection stopped."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Callable, Iterator, Optional, Tuple

from .._transport.rpc_errors import is_lost_connection
from .._wire import chunks, from_wire, packing, to_wire
from .._wire.methods import FIND_MISSING_VOLUMES, QUERY_WRITE, WRITE_VOLUME
from ..errors import NotFound, VoxhostError
from ..image import Image
from ..nouns import Volume
from ..v1 import volume_service_pb2 as volumes
from .digest import digest_beside
from .session import MAX_ATTEMPTS, Deadline, Session, get_info, wait_before_retry

#: A good size on loopback and on slow links alike; a multiple of every component's bytes.
CHUNK_BYTES = 2**20

#: Hashing a smaller image takes no time worth saving.
_HASHED_BESIDE_BYTES = 16 * 2**20

OnBytes = Callable[[int, int], None]


@dataclass(frozen=True)
class _Write:
    """What one attempt sends."""

    image: Image
    upload_id: str
    #: Waits for the digest, which the last message needs.
    sha256: Callable[[], str]
    offset_bytes: int
    chunk_bytes: int
    packed: bool


async def upload_image(
    session: Session,
    image: Image,
    on_bytes: Optional[OnBytes] = None,
    compression: str = "auto",
    deadline: Optional[Deadline] = None,
) -> Volume:
    """Brings an image to the host, and nothing when its voxels are there already.

    Raises VoxhostError for the host's refusals, and HostUnavailable when the connection stays away for several attempts
    without a byte of progress.
    """
    transport, total = session.transport, image.size_bytes
    deadline = deadline or Deadline(None)
    if await _cannot_be_there(session, total, deadline):
        sha256 = digest_beside(image)
    else:
        known = await transport.compute(image.sha256)
        key = volumes.VolumeKey(header=to_wire.header(image), sha256=known)
        request = volumes.FindMissingVolumesRequest(keys=[key])
        found = await _ask_patiently(session, request, deadline)
        if found.present:
            if on_bytes:
                on_bytes(total, total)
            return from_wire.volume(found.present[0])
        sha256 = known.__str__

    upload_id, committed, attempt = uuid.uuid4().hex, 0, 0
    while True:
        attempt += 1
        write = _Write(image, upload_id, sha256, committed, _chunk_bytes(session), _is_packed(session, compression))
        try:
            answer = await transport.send(
                WRITE_VOLUME,
                _messages(write),
                (lambda done: on_bytes(done, total)) if on_bytes else None,
                deadline.left_s(),
            )
            return from_wire.volume(answer.volume)
        except VoxhostError as error:
            can_go_on = is_lost_connection(error) or (committed > 0 and _is_offset_refused(error))
            if not can_go_on or attempt >= MAX_ATTEMPTS:
                raise
            await wait_before_retry(transport, attempt)
            state = await _query_write(session, upload_id, deadline)
            if state is None:
                continue
            if state.HasField("volume"):
                return from_wire.volume(state.volume)
            if state.committed_bytes > committed:
                attempt = 0
            committed = state.committed_bytes


async def _cannot_be_there(session: Session, total: int, deadline: Deadline) -> bool:
    """Whether the host holds fewer bytes than a large image has: then it is sent unasked, and hashed meanwhile."""
    if total < _HASHED_BESIDE_BYTES:
        return False
    try:
        return (await get_info(session.transport, deadline.left_s(60))).limits.store_used_bytes < total
    except VoxhostError as error:
        if is_lost_connection(error):
            return False
        raise


async def _ask_patiently(
    session: Session, request: volumes.FindMissingVolumesRequest, deadline: Deadline
) -> volumes.FindMissingVolumesResponse:
    """Asks again when the connection was lost: a Host lives longer than a connection."""
    for attempt in range(1, MAX_ATTEMPTS):
        try:
            return await session.transport.ask(FIND_MISSING_VOLUMES, request, deadline.left_s(60))
        except VoxhostError as error:
            if not is_lost_connection(error):
                raise
            await wait_before_retry(session.transport, attempt)
    return await session.transport.ask(FIND_MISSING_VOLUMES, request, deadline.left_s(60))


async def _query_write(session: Session, upload_id: str, deadline: Deadline) -> Optional[volumes.QueryWriteResponse]:
    """How far the upload is; None while the host cannot be asked. An upload that it has lost starts again at 0."""
    try:
        request = volumes.QueryWriteRequest(upload_id=upload_id)
        return await session.transport.ask(QUERY_WRITE, request, deadline.left_s(60))
    except NotFound:
        return volumes.QueryWriteResponse(committed_bytes=0)
    except VoxhostError as error:
        if is_lost_connection(error):
            return None
        raise


def _is_offset_refused(error: VoxhostError) -> bool:
    """The host went on writing after it was asked, or was started anew: ask again."""
    return error.metadata.get("field") == "chunk.offset_bytes"


def _chunk_bytes(session: Session) -> int:
    limit = session.info.limits.max_chunk_bytes
    return min(CHUNK_BYTES, limit - limit % 8) if limit > 0 else CHUNK_BYTES


def _is_packed(session: Session, compression: str) -> bool:
    """`auto` packs when the host is another machine and can unpack."""
    wanted = compression == "always" or (compression == "auto" and not session.transport.where.is_local)
    return wanted and packing.NAME in session.info.chunk_encodings


def _messages(write: _Write) -> Iterator[Tuple[bytes, int]]:
    """Header, chunks, finish, each serialised, with the bytes of voxels that are then on their way."""
    image, done = write.image, write.offset_bytes
    opening = volumes.WriteHeader(upload_id=write.upload_id, header=to_wire.header(image))
    yield volumes.WriteVolumeRequest(header=opening).SerializeToString(), done
    for block in image.blocks(write.offset_bytes):
        for start in range(0, len(block), write.chunk_bytes):
            data = block[start : start + write.chunk_bytes]
            message = _chunk(done, data, image.component_bytes, write.packed)
            done += len(data)
            yield message, done
    finish = volumes.WriteFinish(size_bytes=image.size_bytes, sha256=write.sha256())
    yield volumes.WriteVolumeRequest(finish=finish).SerializeToString(), done


def _chunk(offset_bytes: int, data: memoryview, component_bytes: int, packed: bool) -> bytes:
    if packed:
        smaller = packing.pack(data, component_bytes)
        if len(smaller) < len(data):
            return chunks.write_chunk(offset_bytes, smaller, chunks.PACKED, len(data))
    return chunks.write_chunk(offset_bytes, data)
