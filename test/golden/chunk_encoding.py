"""Golden bytes of CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE, straight from the words of volume_service.proto.

Run by hand: python3 test/golden/chunk_encoding.py > test/fixtures/chunk-encoding.json
Needs nothing but Python. Arithmetic is on Python's own integers, byte order and widths by int.to_bytes.
"""

import json
import random
import zlib


def encode(raw: bytes, width: int) -> tuple[bytes, bytes]:
    """The filtered bytes, and what goes on the wire."""
    bits = 8 * width
    values = [int.from_bytes(raw[at : at + width], "little") for at in range(0, len(raw), width)]
    deltas = [(value - before) % 2**bits for before, value in zip([0, *values], values)]
    signed = [delta - 2**bits if delta >= 2 ** (bits - 1) else delta for delta in deltas]
    zigzag = [((value << 1) ^ (value >> (bits - 1))) % 2**bits for value in signed]
    columns = [value.to_bytes(width, "little") for value in zigzag]
    filtered = bytes(column[place] for place in range(width) for column in columns)
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return filtered, compressor.compress(filtered) + compressor.flush()


def samples(width: int) -> dict[str, bytes]:
    top = 2 ** (8 * width) - 1
    half = 2 ** (8 * width - 1)
    dice = random.Random(20 + width)

    def pack(values: list[int]) -> bytes:
        return b"".join((value & top).to_bytes(width, "little") for value in values)

    level, walk = 0, []
    for _ in range(257):
        level += dice.randint(-9, 9)
        walk.append(level)
    return {
        "one": pack([half + 1]),
        "extremes": pack([0, top, 0, half, half - 1, half, top, 1, top - 1, half, 0, half]),
        "carries": pack([0xFF, 0x100, 0xFFFF, 0x10000, 0xFFFFFFFF, 0x100000000, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF]),
        "walk": pack(walk),
        "noise": dice.randbytes(61 * width),
        "flat": pack([7] * 1000),
    }


cases = []
for width in (1, 2, 4, 8):
    for name, raw in samples(width).items():
        filtered, encoded = encode(raw, width)
        cases.append(
            {
                "name": name,
                "componentBytes": width,
                "raw": raw.hex(),
                "filtered": filtered.hex(),
                "encoded": encoded.hex(),
            }
        )
print(json.dumps(cases, indent=1))
