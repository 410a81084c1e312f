"""Writes cases and volumes in the format of README.md."""

import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from monai.data import MetaTensor

DATA = Path(__file__).parent / "data"
DTYPES = ("uint8", "int8", "uint16", "int16", "int32", "float32", "float64")


class Writer:
    """Writes below one folder of `data/`. Inputs are shared: `data/volumes`, by name."""

    def __init__(self, folder: str):
        self.folder = folder
        self.names: set[str] = set()
        shutil.rmtree(DATA / folder, ignore_errors=True)

    def volume(self, file: str, data, affine) -> dict:
        """Writes voxels to `data/<file>` and gives the volume's entry."""
        array = data.detach().cpu().numpy() if isinstance(data, torch.Tensor) else np.asarray(data)
        if array.dtype == bool:
            array = array.astype(np.uint8)
        if array.dtype == np.int64:
            array = array.astype(np.int32)
        assert array.dtype.name in DTYPES, array.dtype
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
        path = DATA / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(raw, 9, mtime=0))
        given = np.asarray(affine, dtype=np.float64)
        matrix = np.eye(4)  # of fewer axes: the others keep to themselves
        matrix[: len(given) - 1, : len(given) - 1] = given[:-1, :-1]
        matrix[: len(given) - 1, 3] = given[:-1, -1]
        return {
            "file": file,
            "dtype": array.dtype.name,
            "sizes": list(array.shape),
            "affineRas": [float(v) + 0.0 for v in matrix.ravel()],
        }

    def input(self, name: str, data: np.ndarray, affine) -> dict:
        return self.volume(f"volumes/{name}.bin.gz", data, affine)

    def output(self, case: str, data, affine=None, suffix: str = "") -> dict:
        matrix = affine if affine is not None else getattr(data, "affine", np.eye(4))
        return self.volume(f"{self.folder}/{case}{suffix}.bin.gz", data, matrix)

    def case(self, name: str, content: dict) -> None:
        assert name not in self.names, f"{self.folder}/{name} twice"
        self.names.add(name)
        path = DATA / self.folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def tensor(data: np.ndarray, affine: np.ndarray) -> MetaTensor:
    """The image as MONAI has it after LoadImage and EnsureChannelFirst."""
    return MetaTensor(torch.from_numpy(np.ascontiguousarray(data).copy()), affine=torch.from_numpy(affine.copy()))


class TransformCases:
    """Cases of one transform of MONAI's array form."""

    def __init__(self, transform: type):
        self.transform = transform
        self.writer = Writer(transform.__name__)

    def add(self, case: str, volume: tuple[str, np.ndarray, np.ndarray], args: dict, tolerance: float = 0, **extra) -> None:
        """Runs the transform with `args` (as in a bundle) on the named volume."""
        name, data, affine = volume
        content = {
            "transform": self.transform.__name__,
            "args": args,
            "input": self.writer.input(name, data, affine),
        }
        try:
            answer = self.transform(**args)(tensor(data, affine))
        except Exception as error:  # noqa: BLE001 - that MONAI refuses is itself the answer
            if not extra.pop("raises", False):
                raise
            content["raises"] = f"{type(error).__name__}: {error}".splitlines()[0]
        else:
            assert not extra.pop("raises", False), f"{case} was expected to raise"
            content |= {"output": self.writer.output(case, answer), "tolerance": tolerance}
        self.writer.case(case, content | extra)
