"""Small PNG, JPEG and TIFF files of every sort, and what MONAI's LoadImage reads from them: the oracle of
test/imaging/formats/pictures.test.ts.

    python test/golden/pictures.py test/fixtures/pictures

Files are written by Pillow and tifffile, the interlaced ones by hand. pictures.json has for each what MONAI read: numbers
(base64 of float32, i fastest, components side by side) and geometry in LPS (3x4 by rows).
"""

import base64
import json
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import tifffile
from monai.transforms import LoadImage
from PIL import Image

OUT = Path(sys.argv[1])
entries: list[dict] = []
ROWS, COLUMNS = 11, 14


def pixels(*shape: int, most: int = 255) -> np.ndarray:
    random = np.random.default_rng(sum(shape) + most)
    return random.integers(0, most + 1, (ROWS, COLUMNS, *shape))


def smooth(*shape: int) -> np.ndarray:
    j, i = np.meshgrid(np.arange(37), np.arange(45), indexing="ij")
    waves = [np.sin(i / (3 + c)) + np.cos(j / (4 + c)) for c in range(max(1, *shape, 1))]
    data = np.round((np.stack(waves, axis=-1) + 2) * 63).astype(np.uint8)
    return data if shape else data[..., 0]


def record(name: str, reader: str | None = None) -> None:
    image = LoadImage(image_only=True, reader=reader)(OUT / name)
    data = np.asarray(image, np.float32)
    axes = data.ndim - 1 if image.meta.get("original_channel_dim") == -1 else data.ndim
    sizes, components = list(data.shape[:axes]), data.shape[axes] if data.ndim > axes else 1
    order = (*reversed(range(axes)), *range(axes, data.ndim))
    affine = np.eye(4)
    given = np.asarray(image.affine)
    affine[: len(given) - 1, : len(given) - 1] = given[:-1, :-1]
    affine[: len(given) - 1, 3] = given[:-1, -1]
    lps = np.diag([-1, -1, 1, 1]) @ affine if reader is None else np.eye(4)
    entries.append({
        "file": name,
        "sizes": sizes,
        "components": components,
        "indexToWorldLps": [float(v) + 0.0 for v in lps[:3].ravel()],
        "numbers": base64.b64encode(np.ascontiguousarray(data.transpose(order), "<f4").tobytes()).decode(),
    })


def png(name: str, data: np.ndarray, mode: str | None = None, **options) -> None:
    Image.fromarray(data, mode).save(OUT / name, **options)
    record(name)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def raw_png(name: str, data: np.ndarray, bits: int, color: int, interlaced: bool, palette: bytes = b"") -> None:
    """Any bit depth and interlacing, from the specification, with each of the five filters in turn."""
    samples = data.reshape(ROWS, COLUMNS, -1)
    lines = bytearray()
    step = max(1, bits * samples.shape[2] // 8)
    count = 0
    for x, y, dx, dy in ADAM7 if interlaced else ((0, 0, 1, 1),):
        part = samples[y::dy, x::dx]
        above = None
        for row in part if part.shape[1] else ():
            if bits == 16:
                line = row.astype(">u2").tobytes()
            else:
                flat = [format(int(v), f"0{bits}b") for v in row.ravel()]
                text = "".join(flat)
                line = bytes(int(text[n:n + 8].ljust(8, "0"), 2) for n in range(0, len(text), 8))
            lines += filtered(line, above or bytes(len(line)), count % 5, step)
            above, count = line, count + 1
    header = struct.pack(">IIBBBBB", COLUMNS, ROWS, bits, color, 0, 0, int(interlaced))
    chunks = [(b"IHDR", header), *([(b"PLTE", palette)] if palette else []), (b"IDAT", zlib.compress(bytes(lines))), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
    (OUT / name).write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    record(name)


def filtered(line: bytes, above: bytes, kind: int, step: int) -> bytes:
    out = bytearray([kind])
    for n, value in enumerate(line):
        left = line[n - step] if n >= step else 0
        corner = above[n - step] if n >= step else 0
        up = above[n]
        guess = left + up - corner
        paeth = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        out.append((value - (0, left, up, (left + up) // 2, paeth)[kind]) % 256)
    return bytes(out)


def pngs() -> None:
    png("grey.png", pixels().astype(np.uint8))
    png("rgb.png", pixels(3).astype(np.uint8))
    png("rgba.png", pixels(4).astype(np.uint8))
    png("grey-alpha.png", pixels(2).astype(np.uint8))
    png("grey-16.png", pixels(most=65535).astype(np.uint16))
    Image.fromarray(pixels(3).astype(np.uint8)).quantize(7).save(OUT / "palette.png")
    record("palette.png")
    Image.fromarray((pixels() > 127)).save(OUT / "bits.png")
    record("bits.png")
    colors = bytes(range(48))
    for interlaced in (False, True):
        end = "-interlaced.png" if interlaced else "-filters.png"
        for bits in (1, 2, 4, 8, 16):
            raw_png(f"grey-{bits}{end}", pixels(most=2**bits - 1), bits, 0, interlaced)
        for bits in (1, 2, 4):
            raw_png(f"palette-{bits}{end}", pixels(most=2**bits - 1), bits, 3, interlaced, colors)
        for bits in (8, 16):
            raw_png(f"rgb-{bits}{end}", pixels(3, most=2**bits - 1), bits, 2, interlaced)
            raw_png(f"grey-alpha-{bits}{end}", pixels(2, most=2**bits - 1), bits, 4, interlaced)
            raw_png(f"rgba-{bits}{end}", pixels(4, most=2**bits - 1), bits, 6, interlaced)


def jpegs() -> None:
    for name, data in (("grey", smooth()), ("color", smooth(3))):
        for quality, subsampling, progressive in ((75, 2, False), (92, 0, False), (60, 1, True), (30, 2, True)):
            file = f"{name}-{quality}-{subsampling}{'-progressive' if progressive else ''}.jpg"
            png(file, data, quality=quality, subsampling=subsampling, progressive=progressive)
    # PIL leaves both alone: how the picture was held, and a profile with red and blue swapped.
    exif = Image.Exif()
    exif[0x0112] = 6
    png("turned-by-exif.jpg", smooth(3), quality=90, exif=exif)
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    png("with-profile.jpeg", smooth(3), quality=90, icc_profile=profile.tobytes())


def tiff(name: str, data: np.ndarray, reader: str | None = None, **options) -> None:
    tifffile.imwrite(OUT / name, data, metadata=None, **options)
    record(name, reader)


def tiffs() -> None:
    for dtype in ("uint8", "uint16", "int16", "float32"):  # what ITK for Python has
        data = pixels(most=120).astype(dtype)
        tiff(f"{dtype}.tif", data)
    tiff("big-endian.tif", pixels(most=60000).astype(np.uint16), byteorder=">")
    tiff("rgb.tiff", pixels(3).astype(np.uint8), photometric="rgb")
    tiff("strips.tif", pixels().astype(np.uint8), rowsperstrip=3)
    tiff("resolution-cm.tif", pixels().astype(np.uint8), resolution=(40.0, 25.0), resolutionunit="CENTIMETER")
    tiff("resolution-inch.tif", pixels().astype(np.uint8), resolution=(254.0, 127.0), resolutionunit="INCH")
    tiff("pages.tif", np.stack([pixels(most=n).astype(np.uint8) for n in (50, 100, 200)]), photometric="minisblack")
    # Of tiles ITK makes RGB with alpha, whatever they are; PIL gives what is in the file.
    tiff("tiles.tif", np.tile(pixels(3), (3, 3, 1)).astype(np.uint8), reader="PILReader", tile=(16, 16), photometric="rgb")
    for name in ("tiff_lzw", "packbits", "tiff_adobe_deflate"):
        png(f"{name}.tif", np.tile(smooth(), (3, 3)), compression=name)
    png("lzw-differences.tif", smooth(3), compression="tiff_lzw", tiffinfo={317: 2})
    png("deflate-differences-16.tif", pixels(most=65535).astype(np.uint16), compression="tiff_adobe_deflate", tiffinfo={317: 2})


OUT.mkdir(parents=True, exist_ok=True)
pngs()
jpegs()
tiffs()
(OUT / "pictures.json").write_text("[\n" + ",\n".join(json.dumps(one) for one in entries) + "\n]\n")
