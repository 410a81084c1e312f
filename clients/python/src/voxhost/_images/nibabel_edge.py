"""nibabel images: RAS, the first axis i."""

from __future__ import annotations

from typing import Any, Optional

from ..errors import InvalidInput
from ..image import Image


def from_nibabel(source: Any) -> Image:
    """The voxels as nibabel gives them; scaled integers as float32, as `voxhost run` sends them."""
    import numpy as np

    try:
        array = np.asanyarray(source.dataobj)
    except Exception as error:  # nibabel raises many kinds for a damaged file
        raise InvalidInput(f"nibabel cannot read the voxels: {error}") from error
    stored = source.get_data_dtype()
    if array.dtype == np.float64 and stored != np.float64:
        array = array.astype(np.float32)
    if source.affine is None:
        raise InvalidInput("the nibabel image has no affine: it has no place in space")
    array, components = _axes(array)
    return Image(array, source.affine, components=components)


def _axes(array: Any) -> "tuple[Any, bool]":
    """i, j, k and frames; a fifth axis holds components, as NIfTI has it. Axes of 1 behind the third are left out."""
    while array.ndim > 5 and array.shape[-1] == 1:
        array = array[..., 0]
    components = array.ndim == 5 and array.shape[4] > 1
    if array.ndim == 5 and not components:
        array = array[..., 0]
    if components and array.shape[3] == 1:
        array = array[:, :, :, 0]
    if not components and array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    return array, components


def to_nibabel(image: Image, like: Optional[Any] = None) -> Any:
    """A NIfTI-1 image; codes of the affine, and units, as the one it is like."""
    import nibabel
    import numpy as np

    array = image.array
    if image.has_components:
        while array.ndim < 5:
            array = array[..., np.newaxis, :]
    result = nibabel.Nifti1Image(array, image.affine, dtype=array.dtype)
    header = getattr(like, "header", None)
    sform, qform = 1, 1
    if isinstance(header, nibabel.Nifti1Header):
        sform, qform = int(header["sform_code"]), int(header["qform_code"])
        result.header.set_xyzt_units(*header.get_xyzt_units())
    else:
        result.header.set_xyzt_units("mm")
    # Without update_affine: the header rounds to float32, the affine in memory does not.
    result.set_qform(image.affine, code=qform, update_affine=False)
    result.set_sform(image.affine, code=sform or (0 if qform else 1), update_affine=False)
    if image.has_components:
        result.header.set_intent("vector")
    return result
