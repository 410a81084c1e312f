"""Image: voxels with their place in the patient, in this process's memory."""

from __future__ import annotations

import hashlib
import math
import sys
from typing import TYPE_CHECKING, Any, Iterator, List, Tuple

from .errors import InvalidInput

if TYPE_CHECKING:
    import os
    from typing import Union

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Path = Union[str, "os.PathLike[str]"]

#: From here on numpy asks Linux for huge pages.
_HUGE_PAGES_BYTES = 4 * 2**20
#: Arrays that lie in another order than the wire's are turned this much at a time.
_SLAB_BYTES = 8 * 2**20
_COMPONENTS = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64")
_AS_ANOTHER = {"bool": "uint8", "float16": "float32"}


class Image:
    """Voxels and where they lie.

    `array` is indexed [i, j, k], [i, j] for a plane, [i, j, k, t] for a series; with `components=True` its last axis
    holds the components of each voxel. `affine` is 4×4 (or 3×4), from index to millimetres, in RAS as nibabel has it
    unless `frame="LPS"`. The array is not copied: it must not change while it is sent.

    Raises InvalidInput for what cannot be an image: its type, its axes, a geometry that cannot be inverted.
    """

    def __init__(
        self,
        array: ArrayLike,
        affine: ArrayLike,
        *,
        frame: str = "RAS",
        components: bool = False,
        modality: str = "",
    ) -> None:
        self.array, self.has_components = _check_array(array, components)
        self.affine_lps = _check_affine(affine, frame)
        self.modality = modality

    @property
    def affine(self) -> Array:
        """Index to millimetres in RAS, 4×4: nibabel's convention."""
        return _other_frame(self.affine_lps)

    @property
    def sizes(self) -> Tuple[int, ...]:
        """Voxels along i, j, k and t."""
        return self.array.shape[:-1] if self.has_components else self.array.shape

    @property
    def components(self) -> int:
        """Components a voxel: 1 for a plain image."""
        return int(self.array.shape[-1]) if self.has_components else 1

    @property
    def component_type(self) -> str:
        """Of one component, as it is sent: numpy's name."""
        name: str = self.array.dtype.name
        return _AS_ANOTHER.get(name, name)

    @property
    def component_bytes(self) -> int:
        """Bytes of one component as it is sent."""
        import numpy as np

        return np.dtype(self.component_type).itemsize

    @property
    def size_bytes(self) -> int:
        """Bytes of all voxels as they are sent."""
        return int(self.array.size) * self.component_bytes

    def save(self, path: Path) -> None:
        """Writes .nii, .nii.gz (nibabel or SimpleITK), .nrrd, .mha or .mhd (SimpleITK or ITK)."""
        from ._images.files import write_file

        write_file(self, path)

    def to_nibabel(self) -> Any:
        """As `nibabel.Nifti1Image`."""
        from ._images.nibabel_edge import to_nibabel

        return to_nibabel(self)

    def to_simpleitk(self) -> Any:
        """As `SimpleITK.Image`."""
        from ._images.simpleitk_edge import to_simpleitk

        return to_simpleitk(self)

    def to_itk(self) -> Any:
        """As `itk.Image`."""
        from ._images.itk_edge import to_itk

        return to_itk(self)

    def blocks(self, offset_bytes: int = 0) -> Iterator[memoryview]:
        """The voxels from an offset on as the wire has them: i fastest, components side by side, little-endian.

        Nothing is copied where the array lies that way already; else some 8 MiB at a time.
        """
        import numpy as np

        dtype = np.dtype(self.component_type).newbyteorder("<")
        start = 0
        for slab in _slabs(_wire_axes(self.array, self.has_components)):
            size = int(slab.size) * dtype.itemsize
            if start + size > offset_bytes:
                plain = slab.view(np.uint8) if slab.dtype == np.bool_ else slab
                view = np.ascontiguousarray(plain, dtype=dtype).reshape(-1).view(np.uint8).data
                yield view[max(0, offset_bytes - start) :]
            start += size

    def sha256(self) -> str:
        """Of the voxels as they are sent: 64 lower-case hexadecimal digits."""
        digest = hashlib.sha256()
        for block in self.blocks():
            digest.update(block)
        return digest.hexdigest()

    def __repr__(self) -> str:
        sizes = "×".join(map(str, self.sizes))
        spacing = "×".join(f"{math.sqrt(sum(x * x for x in column)):.4g}" for column in self.affine_lps[:3, :3].T)
        parts = f", {self.components} components" if self.has_components else ""
        return f"<voxhost.Image {sizes} {self.component_type}{parts}, {spacing} mm>"


def empty_image(
    sizes: Tuple[int, ...], component_type: str, components: int, affine_lps: Any, modality: str
) -> Tuple[Image, memoryview]:
    """An image to be filled, and its bytes as the wire has them."""
    import numpy as np

    shape: List[int] = [*reversed(sizes), *([components] if components > 1 else [])]
    wire = _room(shape, np.dtype(component_type).newbyteorder("<"))
    order = [*reversed(range(len(sizes))), *([len(sizes)] if components > 1 else [])]
    affine = np.reshape(np.asarray(affine_lps, np.float64), (3, 4))
    image = Image(wire.transpose(order), affine, frame="LPS", components=components > 1, modality=modality)
    return image, wire.reshape(-1).view(np.uint8).data


def _room(shape: List[int], dtype: Any) -> Array:
    """As numpy.empty, in pages of the size that the system gives unasked.

    Numpy asks Linux for huge pages. In a virtual machine the first touch of 1 GiB of them took 1.6 s, of plain pages
    0.4 s; huge ones that were in use a moment before took 0.15 s.
    """
    import numpy as np

    size_bytes = math.prod(shape) * dtype.itemsize
    if sys.platform == "linux" and size_bytes >= _HUGE_PAGES_BYTES:
        import mmap

        try:
            pages = mmap.mmap(-1, size_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        except OSError:
            pass  # No room: numpy says so in its own words.
        else:
            room: Array = np.ndarray(shape, dtype, pages)
            return room
    return np.empty(shape, dtype)


def _wire_axes(array: Array, components: bool) -> Array:
    """The slowest axis of the wire first."""
    axes = list(range(array.ndim))
    wire: Array = array.transpose([*reversed(axes[:-1]), axes[-1]] if components else axes[::-1])
    return wire


def _slabs(wire: Array) -> Iterator[Array]:
    """The whole where its bytes are the wire's already, else parts of it along the slowest axes."""
    as_sent = wire.dtype.byteorder in "<=|" and wire.dtype.name != "float16"
    if as_sent and wire.flags.c_contiguous:
        yield wire
    else:
        yield from _parts(wire)


def _parts(wire: Array) -> Iterator[Array]:
    if wire.nbytes <= _SLAB_BYTES or wire.ndim == 1:
        yield wire
        return
    rows = _SLAB_BYTES * len(wire) // wire.nbytes
    if rows == 0:
        for part in wire:
            yield from _parts(part)
    else:
        for start in range(0, len(wire), rows):
            yield wire[start : start + rows]


def _check_array(array: ArrayLike, components: bool) -> Tuple[Array, bool]:
    import numpy as np

    voxels = np.asanyarray(array)
    if voxels.dtype.names:
        # A structure of like parts, as nibabel has RGB.
        kinds = {voxels.dtype[name] for name in voxels.dtype.names}
        if len(kinds) != 1 or components:
            raise InvalidInput(f"the array's type is {voxels.dtype}, expected numbers, or parts of one type")
        kind, count = kinds.pop(), len(voxels.dtype.names)
        voxels = np.stack([voxels[name] for name in voxels.dtype.names], axis=-1).astype(kind, copy=False)
        components = count > 1 or components
    name = voxels.dtype.name
    if _AS_ANOTHER.get(name, name) not in _COMPONENTS:
        raise InvalidInput(
            f"the array's type is {name}, expected one of {', '.join(_COMPONENTS)}: use array.astype(...)",
            metadata={"field": "component_type", "got": name},
        )
    axes = voxels.ndim - (1 if components else 0)
    if not 1 <= axes <= 4 or voxels.size == 0:
        raise InvalidInput(
            f"the array's shape is {voxels.shape}, expected 1 to 4 axes ([i, j, k] or [i, j, k, t]) of at least 1",
            metadata={"field": "sizes", "got": str(voxels.shape)},
        )
    if components and voxels.shape[-1] == 1:
        return voxels[..., 0], False
    return voxels, components


def _check_affine(affine: ArrayLike, frame: str) -> Array:
    import numpy as np

    if frame not in ("RAS", "LPS"):
        raise InvalidInput(f'frame is {frame!r}, expected "RAS" or "LPS"')
    given = np.array(affine, np.float64)
    if given.shape not in ((4, 4), (3, 4)):
        raise InvalidInput(
            f"the affine's shape is {given.shape}, expected 4×4: index (i, j, k, 1) to millimetres",
            metadata={"field": "index_to_world_lps"},
        )
    whole = np.vstack([given[:3], [0.0, 0.0, 0.0, 1.0]])
    if not np.isfinite(whole).all() or not np.isfinite(1 / np.float64(np.linalg.det(whole[:3, :3]) or np.nan)):
        raise InvalidInput(
            "the affine has no inverse or is not finite: the image would have no place in space. "
            "Mend its header, or give the affine that is right.",
            metadata={"field": "index_to_world_lps"},
        )
    if given.shape == (4, 4) and not np.array_equal(given[3], [0, 0, 0, 1]):
        raise InvalidInput("the affine's last row is not 0 0 0 1", metadata={"field": "index_to_world_lps"})
    return whole if frame == "LPS" else _other_frame(whole)


def _other_frame(affine: Array) -> Array:
    """RAS to LPS and back: the first two rows change their sign, exactly. No -0."""
    turned: Array = affine.copy()
    turned[:2] = 0.0 - turned[:2]
    return turned
