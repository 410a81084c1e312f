"""SimpleITK images: LPS, arrays k first."""

from __future__ import annotations

from typing import Any, Optional

from ..errors import InvalidInput
from ..image import Image
from .grid import affine_from_grid, grid_from_affine, is_same_grid, keep_owner


def from_simpleitk(source: Any) -> Image:
    """A view on the image's memory."""
    import SimpleITK

    if not 2 <= source.GetDimension() <= 4:
        raise InvalidInput(f"the SimpleITK image has {source.GetDimension()} axes, expected 2 to 4")
    array = keep_owner(SimpleITK.GetArrayViewFromImage(source), source)
    components = source.GetNumberOfComponentsPerPixel() > 1
    axes = list(range(source.GetDimension()))
    affine = affine_from_grid(source.GetOrigin(), source.GetSpacing(), source.GetDirection(), len(axes))
    view = array.transpose([*reversed(axes), *([len(axes)] if components else [])])
    return Image(view, affine, frame="LPS", components=components, modality=_modality(source))


def _modality(source: Any) -> str:
    key = "0008|0060"
    return str(source.GetMetaData(key)).strip() if source.HasMetaDataKey(key) else ""


def to_simpleitk(image: Image, like: Optional[Any] = None) -> Any:
    """A SimpleITK image; to the bit in the place of the one it is like, where it has its grid."""
    import numpy as np
    import SimpleITK

    axes = list(range(len(image.sizes)))
    wire = image.array.transpose([*reversed(axes), *([len(axes)] if image.has_components else [])])
    result = SimpleITK.GetImageFromArray(np.ascontiguousarray(wire), isVector=image.has_components)
    if like is not None and is_same_grid(image, from_simpleitk(like)):
        result.SetOrigin(like.GetOrigin())
        result.SetSpacing(like.GetSpacing())
        result.SetDirection(like.GetDirection())
        return result
    origin, spacing, direction = grid_from_affine(image)
    result.SetOrigin(origin.tolist())
    result.SetSpacing(spacing.tolist())
    result.SetDirection(direction.ravel().tolist())
    return result
