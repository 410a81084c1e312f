"""Qt's event loop with Python's global lock held, as Slicer runs it.

PySide's own `exec` lets go of the lock; entering the same C++ function through `ctypes.PyDLL` does not. Slots are called
with the lock held already, which Python allows on the same thread. Linux only: the symbol's name is the Itanium ABI's.
"""

from __future__ import annotations

import ctypes
from pathlib import Path

import PySide6


def exec_holding_the_lock() -> None:
    """Runs the application's event loop until it quits."""
    library = next((Path(PySide6.__file__).parent / "Qt" / "lib").glob("libQt6Core.so.6*"))
    ctypes.PyDLL(str(library))._ZN16QCoreApplication4execEv()
