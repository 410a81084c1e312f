"""Checks every .onnx file of a folder with ONNX's own checker, shapes inferred and compared. Prints a line a file."""

import sys
from pathlib import Path

import onnx


def main(folder: str) -> None:
    for path in sorted(Path(folder).glob("*.onnx")):
        try:
            onnx.checker.check_model(onnx.load(path), full_check=True)
            print(f"{path.stem}: fine")
        except Exception as error:  # noqa: BLE001 - whatever it finds is the answer
            print(f"{path.stem}: {' '.join(str(error).split())}")


if __name__ == "__main__":
    main(sys.argv[1])
