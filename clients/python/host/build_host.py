"""Puts the host into the wheel: npm pack's files, the locked dependencies without other platforms' libraries, a tag."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: What `npm run build` reads.
_SOURCES = ("server", "clients/typescript", "clients/cli", "proto", "scripts")
_FILES = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "tsconfig.build.json")
_TEXTS = ("LICENSE", "NOTICE", "README.md")
#: Types and maps: nothing that runs.
_NOT_NEEDED = ("*.d.ts", "*.d.mts", "*.d.cts", "*.map")


class HostBuildHook(BuildHookInterface[Any]):
    """Hatchling's hook for the wheel."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Makes the package in a folder that is gone after the build."""
        checkout = Path(self.root).resolve().parents[2]
        if not (checkout / "package-lock.json").is_file():
            raise RuntimeError("voxhost-host is built in a checkout of Voxhost: it packs the host from there.")
        self._made = tempfile.TemporaryDirectory(prefix="voxhost-host-")
        package = make_package(checkout, Path(self._made.name))
        build_data["force_include"][str(package)] = "voxhost_host/package"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag(package)}"

    def finalize(self, version: str, build_data: Dict[str, Any], artifact_path: str) -> None:
        """Cleans up."""
        self._made.cleanup()


def make_package(checkout: Path, folder: Path) -> Path:
    """The host as it is installed, in a new folder below `folder`."""
    # A copy: others may build in the checkout at the same time.
    source = folder / "source"
    for name in _SOURCES:
        shutil.copytree(checkout / name, source / name)
    for name in (*_FILES, *_TEXTS):
        shutil.copy(checkout / name, source / name)
    (source / "node_modules").symlink_to(checkout / "node_modules", target_is_directory=True)
    npm = shutil.which("npm") or "npm"
    _run(npm, "pack", "--silent", "--pack-destination", folder, at=source)
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder)  # noqa: S202 - packed a moment ago; npm's own folder name: package
    package = folder / "package"
    for name in ("package-lock.json", ".npmrc"):
        shutil.copy(checkout / name, package / name)
    # Without scripts ONNX Runtime does not fetch CUDA libraries.
    _run(npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", at=package)
    for path in [path for pattern in _NOT_NEEDED for path in package.rglob(pattern)]:
        path.unlink()
    for path in list(_other_platforms(package)):
        shutil.rmtree(path)
    return package


def _other_platforms(package: Path) -> Iterator[Path]:
    """ONNX Runtime's package holds the libraries of every platform: bin/napi-v6/<system>/<processor>."""
    system, processor = _node_platform()
    for folder in (package / "node_modules" / "onnxruntime-node" / "bin").glob("*/*/*"):
        if (folder.parent.name, folder.name) != (system, processor):
            yield folder


def _node_platform() -> "tuple[str, str]":
    """As Node names it."""
    said = _run("node", "-p", "process.platform + ' ' + process.arch", at=Path.cwd())
    system, processor = said.split()
    return system, processor


def platform_tag(package: Path) -> str:
    """The platform of the wheel; on Linux by the newest glibc that a library in it asks for."""
    tag = re.sub(r"[-.]", "_", sysconfig.get_platform())
    if not tag.startswith("linux_"):
        return tag
    libraries = [
        path for path in package.rglob("*") if path.is_file() and re.search(r"\.(node|so)(\.\d+)*$", path.name)
    ]
    asked = [int(found) for path in libraries for found in re.findall(rb"GLIBC_2\.(\d+)", path.read_bytes())]
    return f"manylinux_2_{max([17, *asked])}_{tag[len('linux_') :]}"


def _run(*words: Any, at: Path) -> str:
    done = subprocess.run([str(word) for word in words], cwd=at, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} {words[1]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
