"""Writes test/golden/data/torchscript/language.zip and .json: what TorchScript's own interpreter answers, without tensors.

Each exported method takes nothing and gives plain values; the JSON has them with their types. Beside it stand small
files that are no networks: weights alone, in both of PyTorch's formats, and a pickle of every kind of attribute.
"""

import json
import math
import os
import sys
import warnings
from enum import Enum
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import torch

DATA = Path(__file__).parents[1] / "data" / "torchscript"


class Point(NamedTuple):
    x: int
    label: str


class Side(Enum):
    LEFT = 1
    RIGHT = 2


@torch.jit.script
class Counter:
    def __init__(self, start: int):
        self.count = start

    def add(self, by: int) -> int:
        self.count += by
        return self.count


def collatz(n: int, limit: int = 100) -> List[int]:
    steps: List[int] = []
    while n != 1 and len(steps) < limit:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps.append(n)
    return steps


def fibonacci(n: int) -> int:
    if n < 2:
        return n
    a, b = 0, 1
    for _ in range(n - 1):
        a, b = b, a + b
    return b


class Language(torch.nn.Module):
    whole: int
    table: Dict[str, List[int]]
    maybe: Optional[int]

    def __init__(self) -> None:
        super().__init__()
        self.whole = 2**40
        self.negative = -7
        self.real = 0.1
        self.endless = float("inf")
        self.flag = True
        self.text = 'tab\t quote" back\\slash \u00fc \u2603 newline\n'
        self.pair = (3, "c")
        self.ints = [1, 2, 3]
        self.floats = [0.5, -1e-30]
        self.bools = [True, False]
        self.table = {"a": [1], "b": []}
        self.keyed = {1: 1.5}
        self.maybe = None
        self.where = torch.device("cpu")
        self.weight = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3).t())
        self.register_buffer("count", torch.tensor([1, -2, 2**40]))
        self.register_buffer("coarse", torch.tensor([0.5, 65504.0], dtype=torch.float16))
        self.register_buffer("scalar", torch.tensor(2.5, dtype=torch.float64))
        self.register_buffer("empty", torch.zeros(0, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1

    @torch.jit.export
    def attributes(self) -> Tuple[int, int, float, float, bool, str, Tuple[int, str], List[int], Optional[int]]:
        answer = self.whole, self.negative, self.real, self.endless, self.flag, self.text, self.pair, self.ints, self.maybe
        return answer

    @torch.jit.export
    def integers(self) -> List[int]:
        n = self.negative
        big = 4611686018427387904
        return [n // 2, n % 2, -n // 2, 7 % -3, -7 // -2, n * 3 - 1, abs(n), min(n, 3), max(n, 3), big * 2, big + big - 1,
                int(2.9), int(-2.9), int(True), 5 & 3, 5 | 3, 5 ^ 3, 1 << 5, -9 >> 1]

    @torch.jit.export
    def reals(self) -> List[float]:
        a, b = 7, 2
        return [a / b, 7.5 // 2.0, -7.5 % 2.0, a * 0.5, float(a), 1e300 * 1e300, 2.0**0.5, float("-inf"), abs(-0.25), round(2.5),
                min(1.5, 0.5), 3 - 0.5, -0.0]

    @torch.jit.export
    def comparisons(self) -> List[bool]:
        a: Optional[int] = self.maybe
        return [1 == 1.0, 1 < 1.5, "a" < "b", [1, 2] == [1, 2], [1] != [2], a is None, a is not None, not a is None,
                float("nan") == float("nan"), 2 in [1, 2], "x" in "text", "a" in self.table, True and False, 3 >= 3]

    @torch.jit.export
    def lists(self) -> List[List[int]]:
        a = [5, 3, 9]
        alias = a
        alias.append(1)
        b = a[1:3] + [7] * 3
        c = a.copy()
        c.sort()
        c.reverse()
        d = [i * i for i in a]
        e = list(range(10, 0, -3))
        last = e.pop()
        f = a[::2]
        e.insert(1, last)
        e.extend([8, 8])
        a[0] = -1
        g: List[int] = []
        del c[0]
        return [a, b, c, d, e, f, g, a[-2:], [a[-1], len(b), sum(a), e.index(8), e.count(8)], collatz(27, 20), sorted(a), a[::-1], a[3:0:-2], a[-9:9]]

    @torch.jit.export
    def dictionaries(self) -> Dict[str, int]:
        d = {"one": 1, "two": 2}
        d["three"] = 3
        d["one"] = d["one"] + 10
        total = 0
        for key, value in d.items():
            total += value + len(key)
        d["total"] = total
        d["missing"] = d.get("nothing", -1)
        d["popped"] = d.pop("two")
        for index, key in enumerate(list(d.keys())):
            d[key] = d[key] * 10 + index
        return d

    @torch.jit.export
    def texts(self) -> List[str]:
        name = "U-Net"
        return [name.lower(), name + "!", "-".join(["a", "b"]), "{} of {}".format(1, name), f"{name}: {2.0} {[1, 2]} {True} {None}",
                "%d-%s" % (3, "x"), "a,b".split(",")[1], name.replace("U", "V"), str(12)]

    @torch.jit.export
    def loops(self) -> List[int]:
        found: List[int] = []
        for i in range(2, 20, 5):
            for j in [1, 2]:
                if j * i % 4 == 0:
                    continue
                found.append(i * j)
            if i > 10:
                break
        n = 0
        while True:
            n += 3
            if n > 10:
                break
        found.append(n)
        for a, b in zip([1, 2], [3, 4]):
            found.append(a * b)
        return found

    @torch.jit.export
    def classes(self) -> Tuple[int, str, int, bool, int, str]:
        point = Point(3, "p")
        counter = Counter(5)
        counter.add(2)
        side = Side.RIGHT
        return point.x, point.label, counter.add(1), side == Side.RIGHT, side.value, side.name

    @torch.jit.export
    def calls(self) -> Tuple[int, int, Optional[int], int]:
        value: Any = 3
        answer = 0
        if isinstance(value, int):
            answer = value
        picked = self.maybe
        if picked is None:
            picked = fibonacci(50)
        return fibonacci(20), answer, self.maybe, picked

    @torch.jit.export
    def maths(self) -> List[float]:
        return [float(math.floor(-2.5)), float(math.ceil(2.1)), math.sqrt(2), math.log(10), math.exp(1), math.pow(2, 3), math.pi]

    @torch.jit.export
    def fails(self) -> int:
        if len(self.ints) == 3:
            raise ValueError(f"expected 4 ints, got {len(self.ints)}")
        return 1

    @torch.jit.export
    def outside(self) -> int:
        return self.ints[3]


class Tiny(torch.nn.Module):
    """A network with a little of everything, to be hurt."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = torch.nn.ModuleList([torch.nn.Conv2d(1, 2, 3, padding=1), torch.nn.Conv2d(2, 2, 3, padding=1)])
        self.scales = [2, 1]
        self.shift = torch.nn.Parameter(torch.rand(3, 2).t())

    def forward(self, x: torch.Tensor, repeat: int = 2) -> torch.Tensor:
        found: List[torch.Tensor] = []
        for block in self.blocks:
            x = torch.relu(block(x))
            found.append(x)
        if x.dim() != 4:
            raise ValueError(f"expected 4 axes, got {x.dim()}")
        for i in range(repeat):
            x = x * self.scales[i] + self.shift.sum()
        return torch.cat(found + [x], 1)


METHODS = "attributes integers reals comparisons lists dictionaries texts loops classes calls maths".split()


def tagged(value: object) -> object:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, dict):
        return {"dict": [[tagged(key), tagged(item)] for key, item in value.items()]}
    return {"list" if isinstance(value, list) else "tuple": [tagged(item) for item in value]}


def main() -> None:
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    DATA.mkdir(parents=True, exist_ok=True)
    network = torch.jit.script(Language().eval())
    torch.jit.save(network, DATA / "language.zip", _extra_files={"metadata.json": '{"version": "0.1"}'})
    answers = {name: tagged(getattr(network, name)()) for name in METHODS}
    (DATA / "language.json").write_text(json.dumps({"torch": torch.__version__.split("+")[0], "answers": answers}, indent=1) + "\n")
    tiny = torch.jit.script(Tiny().eval())
    torch.jit.save(tiny, DATA / "tiny.zip")
    image = torch.arange(16.0).reshape(1, 1, 4, 4) / 16
    answer = {"input": image.flatten().tolist(), "output": tiny(image).flatten().tolist(), "sizes": list(tiny(image).shape)}
    (DATA / "tiny.json").write_text(json.dumps(answer) + "\n")
    torch.save(Language().state_dict(), DATA / "weights.pt")
    old = DATA / "weights-old.pt"
    if not old.exists():  # This format names storages by their address in memory: it never comes out the same.
        torch.save(Language().state_dict(), old, _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
