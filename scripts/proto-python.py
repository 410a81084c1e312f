"""Makes the Python stubs of clients/python from proto/voxhost/v1, or with --check says whether the committed ones are fresh.

Needs grpcio-tools 1.76.0 exactly: what it makes works with protobuf 6 and 7, and so with Python 3.9 to 3.13.
"""

from __future__ import annotations

import filecmp
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from grpc_tools import protoc

GRPCIO_TOOLS = "1.76.0"
ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
STUBS = ROOT / "clients" / "python" / "src" / "voxhost" / "v1"


def generate(folder: Path) -> Path:
    """Writes voxhost/v1/*_pb2.py, *_pb2.pyi and *_pb2_grpc.py below a folder."""
    import grpc_tools

    included = Path(grpc_tools.__file__).parent / "_proto"
    outputs = [f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")]
    protos = [path.relative_to(PROTO).as_posix() for path in sorted((PROTO / "voxhost" / "v1").glob("*.proto"))]
    if protoc.main(["protoc", f"-I{PROTO}", f"-I{included}", *outputs, *protos]) != 0:
        sys.exit("protoc failed")
    return folder / "voxhost" / "v1"


def main() -> None:
    if version("grpcio-tools") != GRPCIO_TOOLS:
        sys.exit(f"grpcio-tools {version('grpcio-tools')} is installed; the stubs are made with {GRPCIO_TOOLS}.")
    with tempfile.TemporaryDirectory() as folder:
        made = generate(Path(folder))
        names = sorted(path.name for path in made.iterdir())
        if "--check" in sys.argv:
            committed = sorted(path.name for path in STUBS.glob("*_pb2*"))
            _, changed, missing = filecmp.cmpfiles(made, STUBS, names, shallow=False)
            stale = sorted({*changed, *missing, *(set(committed) - set(names))})
            if stale:
                sys.exit(f"Not fresh, run `make proto-python`: {', '.join(stale)}")
            print(f"{len(names)} stubs are fresh")
        else:
            for old in STUBS.glob("*_pb2*"):
                old.unlink()
            for name in names:
                (STUBS / name).write_bytes((made / name).read_bytes())


main()
