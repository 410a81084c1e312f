"""The digest of an image that is being sent meanwhile: in a thread, since hashing lets go of Python's lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from ..image import Image


def digest_beside(image: Image) -> Callable[[], str]:
    """Begins to hash; the result waits for the digest, and raises what hashing raised."""
    executor = ThreadPoolExecutor(1, "voxhost-digest")
    digest = executor.submit(image.sha256)
    executor.shutdown(wait=False)
    return digest.result
