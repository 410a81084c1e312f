"""ITK images: LPS, arrays k first."""

from __future__ import annotations

from typing import Any, Optional

from ..errors import InvalidInput
from ..image import Image
from .grid import affine_from_grid, grid_from_affine, is_same_grid, keep_owner


def from_itk(source: Any) -> Image:
    """A view on the image's memory."""
    import itk
    import numpy as np

    count = source.GetImageDimension()
    if not 2 <= count <= 4:
        raise InvalidInput(f"the ITK image has {count} axes, expected 2 to 4")
    array = keep_owner(itk.array_view_from_image(source, keep_axes=False), source)
    components = array.ndim > count
    direction = np.asarray(itk.array_from_matrix(source.GetDirection())).ravel()
    affine = affine_from_grid(list(source.GetOrigin()), list(source.GetSpacing()), direction.tolist(), count)
    view = array.transpose([*reversed(range(count)), *([count] if components else [])])
    return Image(view, affine, frame="LPS", components=components)


def to_itk(image: Image, like: Optional[Any] = None) -> Any:
    """An ITK image; to the bit in the place of the one it is like, where it has its grid."""
    import itk
    import numpy as np

    axes = list(range(len(image.sizes)))
    wire = image.array.transpose([*reversed(axes), *([len(axes)] if image.has_components else [])])
    result = itk.image_from_array(np.ascontiguousarray(wire), is_vector=image.has_components)
    if like is not None and is_same_grid(image, from_itk(like)):
        result.SetOrigin(like.GetOrigin())
        result.SetSpacing(like.GetSpacing())
        result.SetDirection(like.GetDirection())
        return result
    origin, spacing, direction = grid_from_affine(image)
    result.SetOrigin(origin.tolist())
    result.SetSpacing(spacing.tolist())
    result.SetDirection(itk.matrix_from_array(direction))
    return result
