"""Connecting to a signal by its C++ signature: PythonQt and PySide write it differently."""

from __future__ import annotations


def on(widget, signature: str, slot) -> None:
    """Calls `slot` with what the signal carries. `signature` is as Qt writes it: `currentIndexChanged(int)`."""
    if type(widget).__module__.startswith("PySide"):
        getattr(widget, signature.split("(")[0]).connect(slot)
    else:
        widget.connect(signature, slot)
