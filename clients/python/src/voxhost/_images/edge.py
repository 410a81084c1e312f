"""Takes an image as people have it, and gives a result back in the same kind."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Tuple

from ..errors import InvalidInput
from ..image import Image

#: Makes of a result what was put in.
GiveBack = Callable[[Image], Any]


def read_image(source: Any) -> Tuple[Image, GiveBack]:
    """An image, and how a result goes back.

    Takes a path, a `voxhost.Image`, (array, affine in RAS), a nibabel, SimpleITK or ITK image.
    Raises InvalidInput for anything else, and for what cannot be read.
    """
    if isinstance(source, Image):
        return source, lambda result: result
    if isinstance(source, (str, os.PathLike)):
        from .files import read_file

        return read_file(os.fspath(source)), lambda result: result
    if isinstance(source, tuple) and len(source) == 2:
        return Image(*source), lambda result: (result.array, result.affine)
    # An object of a package can only be there when the package was imported.
    nibabel, simpleitk = sys.modules.get("nibabel"), sys.modules.get("SimpleITK")
    if nibabel and isinstance(source, nibabel.spatialimages.SpatialImage):
        from . import nibabel_edge

        return nibabel_edge.from_nibabel(source), lambda result: nibabel_edge.to_nibabel(result, source)
    if simpleitk and isinstance(source, simpleitk.Image):
        from . import simpleitk_edge

        return simpleitk_edge.from_simpleitk(source), lambda result: simpleitk_edge.to_simpleitk(result, source)
    if type(source).__module__.split(".")[0] == "itk" and hasattr(source, "GetLargestPossibleRegion"):
        from . import itk_edge

        return itk_edge.from_itk(source), lambda result: itk_edge.to_itk(result, source)
    hint = ""
    if type(source).__module__.split(".")[0] == "numpy":
        hint = " An array alone has no place in space: give (array, affine), or voxhost.Image(array, affine)."
    raise InvalidInput(
        f"the image is a {type(source).__module__}.{type(source).__qualname__}, expected a path, a nibabel, SimpleITK "
        f"or ITK image, (array, affine), a voxhost.Image or a Volume.{hint}",
        metadata={"field": "image"},
    )
