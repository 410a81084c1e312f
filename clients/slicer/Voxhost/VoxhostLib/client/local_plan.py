"""How a host on this computer is started: its workflows' folder and its command."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class LocalPlan:
    """What `voxhost.local` is given."""

    workflows: Path = field(default_factory=lambda: Path.home() / ".voxhost" / "workflows")
    #: None leaves it to the client: pip's `voxhost[host]`, or `voxhost` on the PATH.
    command: tuple[str, ...] | None = None


def plan_local(module_file: str) -> LocalPlan:
    """In a checkout whose packages are installed: that host, with the example workflows. Else the user's own."""
    for folder in Path(module_file).resolve().parents:
        main, examples = folder / "clients" / "cli" / "main.ts", folder / "examples" / "workflows"
        node = shutil.which("node")
        if main.is_file() and examples.is_dir() and (folder / "node_modules" / "tsx").is_dir() and node:
            loader = (folder / "node_modules" / "tsx" / "dist" / "loader.mjs").as_uri()
            return LocalPlan(examples, (node, f"--import={loader}", str(main)))
    return LocalPlan()
