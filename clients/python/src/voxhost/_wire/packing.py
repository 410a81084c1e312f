"""CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE: differences, zigzag, bytes by place, DEFLATE (volume_service.proto)."""

from __future__ import annotations

import zlib
from typing import Union

#: `HostInfo.chunk_encodings`' name.
NAME = "delta-shuffle-deflate"
_LEVEL = 1


def pack(data: Union[bytes, memoryview], component_bytes: int) -> bytes:
    """Packs whole components."""
    import numpy as np

    values = np.frombuffer(data, dtype=f"<u{component_bytes}")
    deltas = values.copy()
    deltas[1:] -= values[:-1]
    bits = 8 * component_bytes
    signs = deltas.view(f"<i{component_bytes}") >> (bits - 1)
    zigzag = (deltas << deltas.dtype.type(1)) ^ signs.view(deltas.dtype)
    planes = np.ascontiguousarray(zigzag.view(np.uint8).reshape(-1, component_bytes).T)
    squeezer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    return squeezer.compress(planes.data) + squeezer.flush()


def unpack(data: Union[bytes, memoryview], decoded_bytes: int, component_bytes: int) -> bytes:
    """The plain bytes. @raises ValueError when `data` is not what it should be."""
    import numpy as np

    stretcher = zlib.decompressobj(-15)
    try:
        planes = stretcher.decompress(data, decoded_bytes + 1)
    except zlib.error as error:
        raise ValueError(f"DEFLATE data ({error})") from error
    if len(planes) != decoded_bytes or decoded_bytes % component_bytes or not stretcher.eof:
        raise ValueError(f"{decoded_bytes} bytes of whole components")
    zigzag = np.frombuffer(planes, np.uint8).reshape(component_bytes, -1).T.copy().view(f"<u{component_bytes}").ravel()
    one = zigzag.dtype.type(1)
    deltas = (zigzag >> one) ^ (~(zigzag & one) + one)
    return np.cumsum(deltas, dtype=zigzag.dtype).astype(zigzag.dtype, copy=False).tobytes()
