"""Terminology of a segment as Slicer keeps it: a tag of seven parts. Pure text."""

from __future__ import annotations

#: The name of the segment's tag.
TAG = "TerminologyEntry"

#: The contexts that Slicer ships, in which its terminology selector looks the codes up.
CATEGORY_CONTEXT = "Segmentation category and type - DICOM master list"
REGION_CONTEXT = "Anatomic codes - DICOM master list"

#: What DICOM calls a thing that is nothing more exact: the category when a workflow names only the type.
ANATOMICAL_STRUCTURE = ("SCT", "123037004", "Anatomical Structure")


def entry_of(terminology) -> str:
    """The tag's text, or an empty one when the workflow names no type.

    `terminology` has `category`, `type`, `type_modifier`, `region` and `region_modifier`, each a code (`scheme`,
    `value`, `meaning`) or None.
    """
    if terminology is None or not _has(terminology.type):
        return ""
    category = _code(terminology.category) if _has(terminology.category) else "^".join(ANATOMICAL_STRUCTURE)
    parts = [
        CATEGORY_CONTEXT,
        category,
        _code(terminology.type),
        _code(terminology.type_modifier),
        REGION_CONTEXT,
        _code(terminology.region),
        _code(terminology.region_modifier),
    ]
    return "~".join(parts)


def _has(code) -> bool:
    return code is not None and bool(code.value)


def _code(code) -> str:
    if not _has(code):
        return "^^"
    return "^".join(_plain(part) for part in (code.scheme, code.value, code.meaning))


def _plain(text: str) -> str:
    """Without the characters that separate parts of the tag."""
    return "".join(" " if character in "~^|" else character for character in text).strip()
