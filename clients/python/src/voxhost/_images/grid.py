"""ITK's way of a geometry: origin, spacing and direction, in LPS, axes i, j, k. Pure."""

from __future__ import annotations

from typing import Any, Sequence, Tuple

from ..image import Image


def affine_from_grid(origin: Sequence[float], spacing: Sequence[float], direction: Sequence[float], axes: int) -> Any:
    """Index to LPS, 4×4, from ITK's three parts of an image with 2 to 4 axes; time has no part in it."""
    import numpy as np

    count = len(origin)
    spatial = min(axes, 3)
    affine = np.eye(4)
    turned = np.reshape(np.asarray(direction, np.float64), (count, count)) * np.asarray(spacing, np.float64)
    affine[:spatial, :spatial] = turned[:spatial, :spatial]
    affine[:spatial, 3] = np.asarray(origin, np.float64)[:spatial]
    return affine


def grid_from_affine(image: Image) -> Tuple[Any, Any, Any]:
    """Origin, spacing and direction (a square matrix) for as many axes as the image has."""
    import numpy as np

    axes = len(image.sizes)
    spatial = min(axes, 3)
    matrix = image.affine_lps[:spatial, :spatial]
    lengths = np.sqrt((matrix**2).sum(axis=0))
    origin, spacing, direction = np.zeros(axes), np.ones(axes), np.eye(axes)
    origin[:spatial] = image.affine_lps[:spatial, 3]
    spacing[:spatial] = lengths
    direction[:spatial, :spatial] = matrix / np.where(lengths > 0, lengths, 1)
    return origin, spacing, direction


class _Kept:
    """Memory with the image that it belongs to: a view of SimpleITK's or ITK's does not keep its image by itself."""

    def __init__(self, view: Any, owner: Any) -> None:
        self.__array_interface__ = view.__array_interface__
        self.owner = owner


def keep_owner(view: Any, owner: Any) -> Any:
    """The same array; as long as it or a view of it is there, so is the image whose memory it is."""
    import numpy as np

    return np.asarray(_Kept(view, owner))


def is_same_grid(image: Image, source: Image) -> bool:
    """Whether a result lies where its source does, to the bit: then it takes its source's own numbers."""
    return image.sizes == source.sizes and bool((image.affine_lps == source.affine_lps).all())
