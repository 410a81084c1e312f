"""Image files, read and written by the packages that are there: nibabel, SimpleITK, ITK. A folder is a DICOM series."""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from importlib.util import find_spec
from typing import Any, Dict, Tuple

from ..errors import InvalidInput
from ..image import Image

#: By ending: which packages can, best first.
_READERS: Dict[str, Tuple[str, ...]] = {
    ".nii": ("nibabel", "SimpleITK", "itk"),
    ".nii.gz": ("nibabel", "SimpleITK", "itk"),
    ".hdr": ("nibabel", "SimpleITK", "itk"),
    ".img": ("nibabel", "SimpleITK", "itk"),
    ".mgz": ("nibabel",),
    ".mgh": ("nibabel",),
    ".nrrd": ("SimpleITK", "itk"),
    ".nhdr": ("SimpleITK", "itk"),
    ".mha": ("SimpleITK", "itk"),
    ".mhd": ("SimpleITK", "itk"),
}
_WRITERS = {key: _READERS[key] for key in (".nii", ".nii.gz", ".nrrd", ".mha", ".mhd")}


def read_file(path: str) -> Image:
    """@raises InvalidInput when it is not there, is damaged, or nothing here can read it"""
    if os.path.isdir(path):
        from .dicom import read_series

        return read_series(path)
    if not os.path.isfile(path):
        raise InvalidInput(f"there is no file {path}", metadata={"field": "image", "got": path})
    package = _choose(path, _READERS, "read")
    try:
        if package == "nibabel":
            import nibabel

            from .nibabel_edge import from_nibabel

            return from_nibabel(nibabel.load(path))
        if package == "SimpleITK":
            import SimpleITK

            from .simpleitk_edge import from_simpleitk

            return from_simpleitk(SimpleITK.ReadImage(path))
        import itk

        from .itk_edge import from_itk

        return from_itk(itk.imread(path))
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}", metadata={**error.metadata, "got": path}) from error
    except Exception as error:  # each package has kinds of its own
        raise InvalidInput(
            f"{path} cannot be read as an image: {error}", reason="INVALID_IMAGE_FILE", metadata={"got": path}
        ) from error


def write_file(image: Image, path: Any) -> None:
    """Writes the whole file, or leaves what was there.

    Raises InvalidInput when nothing here can write it, OSError in a sentence when the disk does not take it.
    """
    path = os.fspath(path)
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise InvalidInput(f"there is no folder {folder} to write {os.path.basename(path)} to")
    package = _choose(path, _WRITERS, "write")
    if path.lower().endswith(".mhd"):  # names its second file inside: it cannot be moved
        _write(image, path, package)
        return
    part = os.path.join(folder, f".{uuid.uuid4().hex}-{os.path.basename(path)}")
    try:
        _write(image, part, package)
        os.replace(part, path)
    except Exception as error:  # each package has kinds of its own
        with contextlib.suppress(OSError):
            os.remove(part)
        number = error.errno if isinstance(error, OSError) and error.errno else errno.EIO
        raise OSError(
            number, f"{path} was not written: {error}. Make room on its disk, or save it elsewhere"
        ) from error


def _write(image: Image, path: str, package: str) -> None:
    if package == "nibabel":
        import nibabel

        nibabel.save(image.to_nibabel(), path)
    elif package == "SimpleITK":
        import SimpleITK

        SimpleITK.WriteImage(image.to_simpleitk(), path, useCompression=True)
    else:
        import itk

        itk.imwrite(image.to_itk(), path, compression=True)


def _choose(path: str, packages: Dict[str, Tuple[str, ...]], verb: str) -> str:
    name = os.path.basename(path).lower()
    ending = ".nii.gz" if name.endswith(".nii.gz") else os.path.splitext(name)[1]
    if ending not in packages:
        raise InvalidInput(
            f"{path} ends in '{ending}', expected one of {', '.join(packages)}",
            metadata={"field": "image", "got": path},
        )
    for package in packages[ending]:
        if find_spec(package):
            return package
    wanted = packages[ending][0]
    raise InvalidInput(
        f'To {verb} {ending} files {wanted} is needed: pip install "voxhost[{wanted.lower()}]"',
        metadata={"field": "image", "got": path},
    )
