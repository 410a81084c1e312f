"""Deploys a bundle: a zip as it is, a folder zipped on the way, no temporary file."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, Tuple

from .._transport.contract import Transport
from .._wire import from_wire
from .._wire.methods import DEPLOY_WORKFLOW
from ..errors import InvalidInput
from ..nouns import Workflow
from ..v1 import workflow_service_pb2 as workflows

_PIECE_BYTES = 512 * 1024
_LEFT_OUT = {".git", ".DS_Store", "__pycache__", "Thumbs.db"}
#: Larger files are weights, which DEFLATE hardly shrinks.
_PACK_UP_TO_BYTES = 2**20


async def deploy_bundle(
    transport: Transport, name: str, bundle: Any, on_bytes: Optional[Callable[[int], None]] = None
) -> Workflow:
    """Resolves when the bundle is loaded and warm. @raises InvalidInput; NotReady naming the file and the key"""
    path = Path(os.fspath(bundle))
    if path.is_dir():
        pieces = zip_folder(path, name)
    elif path.is_file() and path.suffix.lower() == ".zip":
        pieces = _read_pieces(path)
    else:
        raise InvalidInput(f"bundle is '{bundle}', expected a folder as MONAI lays it out, or its .zip")
    answer = await transport.send(DEPLOY_WORKFLOW, _messages(name, pieces), on_bytes)
    return from_wire.workflow(answer)


def _messages(name: str, pieces: Iterator[bytes]) -> Iterator[Tuple[bytes, int]]:
    digest, done = hashlib.sha256(), 0
    start = workflows.DeployWorkflowRequest(start=workflows.DeployStart(name=name))
    yield start.SerializeToString(), 0
    for data in pieces:
        digest.update(data)
        done += len(data)
        yield workflows.DeployWorkflowRequest(data=data).SerializeToString(), done
    finish = workflows.DeployFinish(size_bytes=done, sha256=digest.hexdigest())
    yield workflows.DeployWorkflowRequest(finish=finish).SerializeToString(), done


def _read_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_PIECE_BYTES), b"")


class _Pieces(io.RawIOBase):
    """Where a zip is written that nobody keeps: what was written since the last look."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def zip_folder(folder: Path, top: str) -> Iterator[bytes]:
    """The bytes of a zip of a folder, all names below `top`; the same folder gives the same zip."""
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w") as archive:
        for path in sorted(_files(folder)):
            entry = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}")
            small = path.stat().st_size <= _PACK_UP_TO_BYTES
            entry.compress_type = zipfile.ZIP_DEFLATED if small else zipfile.ZIP_STORED
            with path.open("rb") as file, archive.open(entry, "w", force_zip64=True) as target:
                for data in iter(lambda: file.read(_PIECE_BYTES), b""):
                    target.write(data)
                    yield from _split(pieces.take())
    yield from _split(pieces.take())


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name not in _LEFT_OUT:
            if path.is_dir():
                yield from _files(path)
            elif path.is_file():
                yield path


def _split(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _PIECE_BYTES):
        yield data[start : start + _PIECE_BYTES]
