"""The input volumes of the golden files: small, seeded, and each one a way to get geometry or intensities wrong."""

import numpy as np

SIZES = (9, 11, 7)


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """3x3 rotation about x, then y, then z, by radians."""
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return rz @ ry @ rx


def affine(linear, origin=(-21.5, 13.25, 7.125)) -> np.ndarray:
    """4x4 of a 3x3 and an origin in RAS millimetres."""
    result = np.eye(4)
    result[:3, :3] = linear
    result[:3, 3] = origin
    return result


AFFINES = {
    "identity": np.eye(4),
    "axis-aligned": affine(np.diag([1.1, 1.7, 2.3])),
    "flipped": affine(np.diag([-1.0, -1.5, 2.0])),
    "left-handed": affine(np.diag([-1.2, 1.2, 2.0])),
    "permuted": affine(np.array([[0, 0, 2.0], [-1.0, 0, 0], [0, 1.5, 0]])),
    "permuted-left-handed": affine(np.array([[0, 1.25, 0], [0.75, 0, 0], [0, 0, 3.0]])),
    "oblique": affine(rotation(0.2, -0.35, 0.5) @ np.diag([1.1, 1.7, 2.3])),
    "oblique-flipped": affine(rotation(-0.4, 0.25, 2.6) @ np.diag([0.9, -1.3, 1.8])),
    "very-oblique": affine(rotation(0.7, 0.75, -0.72) @ np.diag([1.0, 1.4, 2.0])),
    "half-way": affine(rotation(0, 0, np.pi / 4) @ np.diag([1.0, 1.0, 2.0])),
    # As a file has it: in float32 the columns are not quite perpendicular.
    "oblique-file": affine(rotation(0.09, -0.06, 0.12) @ np.diag([1.395, 1.605, 2.325])).astype(np.float32).astype(float),
    "sheared": affine(np.array([[1.2, 0.3, -0.2], [0.1, 1.6, 0.4], [0.0, -0.15, 2.1]])),
    "anisotropic": affine(np.diag([0.5, 0.5, 4.0])),
    "integer-ratio": affine(np.diag([1.0, 1.0, 2.0]), (0, 0, 0)),
    "nearly-isotropic": affine(np.diag([1.0005, 0.9996, 1.02])),
}


def generator(name: str) -> np.random.Generator:
    """A generator of its own for each name, so that adding a case moves no other."""
    return np.random.default_rng([ord(c) for c in name])


def texture(name: str, sizes=SIZES, channels: int = 1) -> np.ndarray:
    """float64 of (channels, ...sizes), about -200 to 1000: waves, a bright ball, noise."""
    random = generator(name)
    grid = np.meshgrid(*[np.linspace(0, 1, n) for n in sizes], indexing="ij")
    volumes = []
    for channel in range(channels):
        phase = random.uniform(0, 2 * np.pi, size=3)
        waves = sum(np.sin(2 * np.pi * (1 + axis) * g + phase[axis]) for axis, g in enumerate(grid))
        ball = sum((g - 0.45) ** 2 for g in grid) < 0.1
        volumes.append(150 * waves + 500 * ball * (1 + channel) + random.normal(0, 40, size=sizes) + 100)
    return np.stack(volumes)


def labels(name: str, sizes=(12, 10, 8), count: int = 3, fill: float = 0.45) -> np.ndarray:
    """float32 (1, ...sizes) of labels 0..count: blobs and crumbs, the same label in several places, holes inside."""
    random = generator(name)
    field = random.normal(size=sizes)
    for axis in range(len(sizes)):
        field = (np.roll(field, 1, axis) + 2 * field + np.roll(field, -1, axis)) / 4
    which = random.integers(1, count + 1, size=tuple((n + 2) // 3 for n in sizes))
    for axis, n in enumerate(sizes):
        which = np.repeat(which, 3, axis)[tuple(slice(0, n) if a == axis else slice(None) for a in range(len(sizes)))]
    return np.where(field > np.quantile(field, 1 - fill), which, 0)[None].astype(np.float32)


def noise_labels(name: str, sizes=(8, 9, 7), count: int = 4) -> np.ndarray:
    """float32 (1, ...sizes) of labels 0..count, every voxel on its own: the worst for nearest neighbours."""
    return generator(name).integers(0, count + 1, size=(1, *sizes)).astype(np.float32)


def smooth_scores(name: str, sizes, classes: int = 3, sharpness: float = 4.0) -> np.ndarray:
    """float32 (classes, ...sizes): what a network may answer before softmax."""
    field = generator(name).normal(size=(classes, *sizes))
    for axis in range(1, field.ndim):
        if field.shape[axis] > 2:
            field = (np.roll(field, 1, axis) + 2 * field + np.roll(field, -1, axis)) / 4
    return (sharpness * field).astype(np.float32)


def make(name: str, kind: str, dtype: str = "float32", sizes=SIZES, channels: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The texture `name` in `dtype` with the affine called `kind`."""
    data = texture(name, sizes, channels)
    if dtype == "uint8":
        data = np.clip(data / 4 + 60, 0, 255)
    return (data if dtype.startswith("float") else np.rint(data)).astype(dtype), AFFINES[kind]
