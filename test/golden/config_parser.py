"""What MONAI's own ConfigParser makes of small configurations: the oracle of test/workflows/config.test.ts.

Run by hand, with monai 1.6.1 and pyyaml installed: python3 test/golden/config_parser.py > test/fixtures/config-parser.json

Each case is the files of a bundle and the ids to resolve. A component is written as {"_target_": …, "arguments": …}
without being made; a data type as {"dtype": …}; an error as its class. Only what MONAI is expected to agree on is here:
what this host leaves out on purpose is in docs/expressions.md.
"""

import json
import os
import sys
import tempfile
import warnings

import numpy as np
import torch
from monai import __version__
from monai.bundle import ConfigParser
from monai.bundle.config_item import ConfigComponent

JSON = "configs/inference.json"
YAML = "configs/inference.yaml"


def config(content: dict, **more: dict) -> dict[str, str]:
    """The files of a bundle with this inference.json, and others in configs."""
    files = {JSON: json.dumps(content)}
    return files | {f"configs/{name}.json": json.dumps(other) for name, other in more.items()}


def expression(text: str) -> tuple[str, dict[str, str], list[str]]:
    items = {"a": 7, "b": [1, 2, 3], "c": {"k": "v", "n": 2}, "t": True, "none": None, "s": "text", "f": 0.25}
    return (f"${text}", config(items | {"x": f"${text}"}), ["x"])


EXPRESSIONS = """
@a
@b
@c
@c::k
@c#n
@b::1
@b#2
@b[0]
@b[-1]
@b[1:]
@b[:-1]
@b[::-1]
@b[::2]
@b[5:]
@b[-10:2]
@b[3:0:-2]
@s[1:3]
@s[::-1]
@c['k']
@a + 1
@a - 10
@a * 2
@a / 2
@a // 2
-@a // 2
@a % 3
-@a % 3
@a % -3
@a ** 2
-2 ** 2
2 ** -1
2 ** 3 ** 2
(2 ** 3) ** 2
1.0 // 0.1
1.0 % 0.1
-1.0 % 0.3
7.5 // -2
+@a
--@a
- -1
not @t
not @none
not not @b
@t and @a
@t or @a
@none and @a
@none or 'd'
0 or [] or 'last'
1 and 2 and 0
@a if @t else @b
@a if @none else @b
1 if 0 else 2 if 0 else 3
@a == 7
@a == 7.0
@t == 1
True == 1
1 < 2 < 3
1 < 3 < 2
1 < 2 == True
3 > 2 >= 2 != 1
'abc' < 'abd'
'a' < 'B'
'Z' < 'a'
[1, 2] < [1, 3]
[1, 2] < [1, 2, 0]
[1, 2] == [1, 2.0]
{'a': 1} == {'a': True}
2 in @b
9 in @b
'k' in @c
'z' not in @c
'ex' in @s
@none is None
@a is not None
@t is True
@b + [4]
@b + @b
@b * 2
2 * @b
@b * 0
@b * -1
(1,) * 4
((@a - 3) // 2,) * 4
() + (1,)
(1, 2) + (3,)
1, 2
1,
[]
()
{}
{'a': @a, 'b': [1, (2, 3)]}
[1.5, 1.5, 1.5] if @t else [3.0, 3.0, 3.0]
'a' + 'b'
'a' 'b' "c"
'-' * 3
@s + '/eval'
'it\\'s'
"tab\\there"
'\\x41\\u00e9'
0x1F
0b101
0o17
1_000
1e3
1E-3
.5
5.
007
00
1.0 - float(@a) / float(14)
int(3.9)
int(-3.9)
int('42')
int(True)
float('1e-3')
float(3)
str(5) + 'x'
str(True)
bool([])
bool('x')
len(@b)
len(@s)
len(@c)
list('abc')
list(@c)
tuple(@b)
min(3, 1, 2)
max(@b)
min('b', 'a')
abs(-3)
round(2.5)
round(3.5)
round(-0.5)
round(2.6)
sum(@b)
sorted([3, 1, 2])
sorted(['b', 'B', 'a'])
list(range(5))
list(range(2, 5))
list(range(5, 0, -2))
list(range(33, 57)) + list(range(63, 98)) + [114, 120, 122]
list(range(0))
torch.float32
torch.float
torch.int16
torch.uint8
torch.float16
torch.double
torch.long
torch.bool
np.uint8
np.float32
numpy.float32
numpy.int64
np.uint16
np.pi
[torch.float32, None]
monai.utils.CommonKeys.IMAGE
monai.utils.CommonKeys.PRED + '_meta_dict'
monai.utils.enums.CommonKeys.LABEL
monai.utils.BlendMode.GAUSSIAN
monai.utils.GridSampleMode.BILINEAR
monai.utils.GridSamplePadMode.BORDER
monai.utils.InterpolateMode.NEAREST_EXACT
monai.utils.PytorchPadMode.REPLICATE
monai.utils.NumpyPadMode.EDGE
1 / 0
1 // 0
1 % 0
0 ** -1
@b[3]
@c['z']
@missing
@b::9
@a::x
'a' + 1
[1] + 'a'
[1] * 1.5
'a' * 'b'
1 < 'a'
None < 1
-'a'
len(5)
int('4.5')
int('x')
float('x')
max([])
range(1, 2, 0)
@b[1.5]
@a[0]
@b['x']
@c[@b]
unknown_name
1 +
1 2
(1
[1, 2
'open
1 if 2
* 2
a b
@a @b
in @b
not
01
1__0
""".strip().split("\n")

CASES = [
    ("references to a scalar, a list and a dictionary",
     config({"a": 1, "b": [1, "@a"], "c": {"k": "@b"}, "d": "@c"}), ["a", "b", "c", "d", "c::k", "b::1", "b#0"]),
    ("a reference that is part of a text is text",
     config({"a": 1, "b": "x@a", "c": "@a and more", "d": "mail@a", "e": "@a@a"}), ["b", "c", "d", "e"]),
    ("an unknown reference", config({"a": "@zzz"}), ["a"]),
    ("a reference below a list's end", config({"a": [1], "b": "@a::1"}), ["b"]),
    ("a reference through a reference", config({"a": {"x": 1}, "b": "@a", "c": "@b::x"}), ["c"]),
    ("a circle of two", config({"a": "@b", "b": "@a"}), ["a"]),
    ("a circle through an expression", config({"a": "$@b + 1", "b": ["@a"]}), ["a"]),
    ("a reference to itself", config({"a": "@a"}), ["a"]),
    ("a list that holds itself", config({"a": [1, "@a"]}), ["a"]),
    ("relative ids: beside, above, two above",
     config({"A": 1, "B": {"key": "@##A", "value1": 2, "value2": "@#value1", "value3": [3, 4, "@#1"],
                           "deep": {"deeper": "@###A", "sum": "$@##value1 + @###A"}}}), ["B"]),
    ("relative ids, newer form", config({"A": {"x": 5, "y": "@::x", "z": ["@::::x", "$@::0 * 2"]}}), ["A"]),
    ("a relative id above the root", config({"a": {"b": "@####c"}}), ["a"]),
    ("a macro copies a scalar, a list, a dictionary",
     config({"a": {"x": [1, 2]}, "b": "%a", "c": "%a::x", "d": "%a#x#1"}), ["b", "c", "d", "b::x::0"]),
    ("a macro's content is looked into", config({"a": {"x": 1, "y": "$@a::x + 1"}, "b": "%a", "c": "@b::y"}), ["b", "c"]),
    ("a relative macro", config({"a": {"x": 1, "y": "%#x"}, "b": {"z": "%##a#x"}}), ["a", "b"]),
    ("macros of macros, in the order of the file", config({"a": 1, "b": "%a", "c": "%b"}), ["c"]),
    ("a macro of another file", config({"a": "%configs/other.json::p::q", "b": "%configs/other.json"},
                                       other={"p": {"q": [1, {"r": "@c"}]}, "c": 9}) | {}, ["a::0"]),
    ("references in another file's content are to this one",
     config({"c": 3, "a": "%configs/other.json::p"}, other={"p": {"r": "@c", "e": "$@c * 2"}, "c": 9}), ["a"]),
    ("a macro of a missing file", config({"a": "%configs/none.json::p"}), ["a"]),
    ("a macro of a missing id", config({"a": "%b"}), ["a"]),
    ("a percent sign inside a text", config({"a": "50%", "b": "x%a"}), ["a", "b"]),
    ("a component", config({"a": {"_target_": "Spacingd", "keys": "image", "pixdim": "@p", "_desc_": "words"},
                            "p": [1, 2, 3]}), ["a"]),
    ("a component in a list and in a dictionary",
     config({"a": [1, {"_target_": "X", "y": 1}], "b": {"c": {"_target_": "X"}, "d": 2}}), ["a", "b"]),
    ("a disabled component is dropped from its list and its dictionary",
     config({"a": [1, {"_target_": "X", "_disabled_": True}, 2], "b": {"c": {"_target_": "X", "_disabled_": "true"}, "d": 2}}),
     ["a", "b"]),
    ("what counts as disabled", config({
        "yes": [{"_target_": "X", "_disabled_": v} for v in [True, "true", " TRUE ", 1, [0], "$True", "$1 > 0", "@t"]],
        "no": [{"_target_": "X", "_disabled_": v} for v in [False, "false", "yes", 0, [], None, "$False", "$not @t", "1"]],
        "t": True}), ["yes", "no"]),
    ("a reference to a disabled component is None",
     config({"a": {"_target_": "X", "_disabled_": True}, "b": ["@a", 1], "c": "$@a is None", "d": "@a"}), ["b", "c", "d"]),
    ("a macro of a disabled component is dropped", config({"a": {"_target_": "X", "_disabled_": True}, "b": ["%a", 1]}), ["b"]),
    ("ids inside components", config({"i": {"_target_": "X", "n": 4}, "a": "$[1, @i#n, @i::n]"}), ["a"]),
    ("a target by reference", config({"name": "Spacingd", "a": {"_target_": "@name", "keys": "image"}}), ["a"]),
    ("a hash in a text becomes two colons", config({"a": "x#y", "b": ["#1"]}), ["a", "b"]),
    ("a dotted key", config({"a.b": 1, "c": {"d e": 2}}), ["a.b", "c", "c::d e"]),
    ("keys that set inside", config({"a": {"b": {"c": 1}}, "a::b::c": 2, "a#b#d": 3}), ["a"]),
    ("keys that set in a list", config({"a": [1, 2], "a::1": 5}), ["a"]),
    ("keys that set in nothing", config({"a::b": 1}), ["a"]),
    ("keys that add", config({"a": {"b": 1}, "+a": {"c": 2, "b": 3}, "l": [1], "+l": [2]}), ["a", "l"]),
    ("keys that add to what is not there", config({"+a": {"c": 2}}), ["a"]),
    ("keys that add the wrong kind", config({"a": [1], "+a": {"c": 2}}), ["a"]),
    ("a later key wins", config({"a": 1, "b": 2}) | {JSON: '{"a": {"x": 1}, "a::x": 2}'}, ["a"]),
    ("metadata by id", config({"n": "@_meta_::network_data_format::outputs::pred::num_channels",
                               "m": "$@_meta_#version + '!'"})
     | {"configs/metadata.json": json.dumps({"version": "1.2.3",
                                             "network_data_format": {"outputs": {"pred": {"num_channels": 4}}}})},
     ["n", "m"]),
    ("an expression in a component's argument",
     config({"p": 96, "a": {"_target_": "S", "roi": "$[@p] * 3", "dtype": "$torch.float32", "f": ["$@p // 2"]}}), ["a"]),
    ("lists of components joined by an expression", config({
        "one": [{"_target_": "A"}], "two": [{"_target_": "B", "_disabled_": True}, {"_target_": "C"}],
        "all": "$@one + @two", "compose": {"_target_": "Compose", "transforms": "$@all "}}), ["all", "compose"]),
    ("longer ids are found before shorter ones", config({"a": 1, "ab": 2, "a_b": 3, "x": "$@a + @ab * 10 + @a_b * 100"}), ["x"]),
    ("letters of other alphabets in ids", config({"größe": 2, "数": 3, "x": "$@größe * @数"}), ["x"]),
    ("numbers as JSON has them in Python", {JSON: '{"a": 1e3, "b": -0.5, "c": 12345678901, "d": 1.0}'}, ["a", "b", "c", "d"]),
    ("an empty reference", config({"a": "@"}), ["a"]),
    ("YAML's words", {YAML: """
yes_: [yes, Yes, YES, on, On, true, True, TRUE]
no_: [no, No, off, OFF, false, False]
strings: [y, n, Y, N, yEs, "yes", 'no', nope, tRue]
nulls: [~, null, Null, NULL]
also:
  empty:
ints: [0, 7, -7, +7, 010, 0x1F, 0b101, 1_000, 1:30, 1:0:0]
floats: [1.5, -1.5, .5, 5., 1.0e+3, 1.0e-3, 1_0.5, 1:30.5]
not_floats: [1e3, 1e-3, 1.0e3, 0o17, 1.2.3, "1.5", 08, 1__0.x]
text: |
  two
  lines
folded: >
  two
  lines
plain: a # comment
quoted: "a # no comment"
base: &base {p: 1, q: [1, 2]}
same: *base
explicit: !!str 5
keys: {1: integer, x y: words}
expr: $@ints[0] + 1
"""},
     ["yes_", "no_", "strings", "nulls", "also", "ints", "floats", "not_floats", "text", "folded", "plain", "quoted",
      "base", "same", "explicit", "keys", "expr"]),
    ("YAML with references and components", {YAML: """
image_key: image
pixdim: "$[1.5, 1.5, 1.5] if @highres else [3.0, 3.0, 3.0]"
highres: true
preprocessing:
  _target_: Compose
  transforms:
  - _target_: LoadImaged
    keys: '@image_key'
  - _target_: Spacingd
    keys: "@image_key"
    pixdim: '@pixdim'
    _disabled_: $not @highres
  - {_target_: EnsureTyped, keys: [image], _disabled_: true}
"""}, ["preprocessing", "pixdim"]),
    ("YAML that is not YAML", {YAML: "a: [1, 2\nb: 3\n"}, ["a"]),
    ("JSON that is not JSON", {JSON: '{"a": 1,}'}, ["a"]),
]


def plain(value):
    """As JSON can carry it."""
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, type) and issubclass(value, np.generic):
        return {"dtype": value.__name__.rstrip("_")}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise TypeError(f"no case may give {value!r}")


def resolve(files: dict[str, str], id: str):
    """A fresh parser each time: what one id made must not help another."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.getcwd()
        os.makedirs(os.path.join(folder, "configs"))
        os.chdir(folder)
        try:
            for name, text in files.items():
                with open(name, "w", encoding="utf-8") as file:
                    file.write(text)
            parser = ConfigParser()
            parser.read_config(JSON if JSON in files else YAML)
            if "configs/metadata.json" in files:
                parser.read_meta("configs/metadata.json")
            return {"value": plain(parser.get_parsed_content(id))}
        except Exception as error:
            return {"error": type(error).__name__}
        finally:
            os.chdir(before)


class Made(dict):
    """What a component stands for here, instead of an object of MONAI's."""


def instantiate(self, **kwargs):
    if self.is_disabled():
        return None
    return Made({"_target_": self.get_config()["_target_"], "arguments": self.resolve_args()})


def main() -> None:
    warnings.simplefilter("ignore")
    ConfigComponent.instantiate = instantiate
    cases = []
    for name, files, ids in [*CASES, *map(expression, EXPRESSIONS)]:
        results = [{"id": id} | resolve(files, id) for id in ids]
        cases.append({"name": name, "files": files, "results": results})
    json.dump({"monai": __version__, "cases": cases}, sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
    print()


if __name__ == "__main__":
    main()
