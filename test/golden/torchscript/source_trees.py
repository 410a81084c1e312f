"""Writes test/golden/data/torchscript/source: how Python's own parser reads the code in the golden archives.

Serialised TorchScript is Python in all its grammar, so `ast` is an oracle for the host's lexer and parser. Needs nothing
but Python: `python3 test/golden/torchscript/source_trees.py`. test/torchscript/source/normalise.ts writes the other side the same way.
"""

from __future__ import annotations

import ast
import gzip
import hashlib
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "torchscript"
FOLDER = GOLDEN / "source"

# Each has something that the others lack; together every kind of node that the archives have.
WHOLE = {
    "tiny.zip": ["code/__torch__.py"],
    "language.zip": ["code/__torch__.py"],
    "networks/guarded.scripted.pt.gz": ["code/__torch__/networks.py"],
    "networks/vit-3d.scripted.pt.gz": ["code/__torch__/einops/einops.py", "code/__torch__/torch/nn/functional.py"],
    "networks/swin-unetr-3d.traced.pt.gz": ["code/__torch__/torch/nn/modules/activation/___torch_mangle_115.py"],
    "versions/1.6.0/speaks.scripted.pt.gz": ["code/__torch__.py"],
}

# What archives do not have, or only rarely: one expression each.
EXPRESSIONS = [
    "0", "7", "9223372036854775807", "99999999999999999999999", "1.", ".5", "1e3",
    "1E-3", "1.5e+300", "1e400", "4.9406564584124654e-324", "0.1", "123456789.12345679", "-1", "-0.", "-1e-7", "- 3", "--3",
    "-x", "-x.y", "-(3)", "inf", "-inf", "None", "True", "False", "''", '"a"', r'"\n\r\t\a\b\f\v\\\"\'"', r'"\x41\u00e9\U0001f600"',
    r'"\0\7\101\377"', r'"\1234"', r'"\q\8"', '"it\'s # no comment"', "'\"'", "[]", "[1]", "[1, ]", "[[1, 2], [3]]", "()", "(1,)",
    "(1, 2)", "(1)", "((1))", "((), )", "{}", '{"a": 1, "b": [2], }', "x[0]", "x[-1]", "x[a:b]", "x[:b]", "x[a:]", "x[:]", "x[1, 2]",
    "Dict[str, List[int]]", "x.y.z", "(x).y(1, ).z[0](w, )", "f()", "f(1, 2)", "f(a=1)", "f(1, b=2, c=(3, 4), )", "f(-1, -x)",
    "f(\n  1,  # a comment\n  2)", "__torch__.a.___torch_mangle_0.B", "_0", "CONSTANTS.c0", "torch.slice(x, 0, None, 2, 1)",
]  # fmt: skip


def expression(node: ast.expr) -> list[Any]:
    place = [node.lineno, node.col_offset]
    match node:
        case ast.Name("inf" | "nan"):
            return ["float", *place, bits(float(node.id))]
        case ast.Name(name):
            return ["name", *place, name]
        case ast.Constant(None | True | False as value):
            return [str(value), *place]
        case ast.Constant(int(value)):
            return ["int", *place, str(value)]
        case ast.Constant(float(value)):
            return ["float", *place, bits(value)]
        case ast.Constant(str(value)):
            return ["text", *place, value]
        case ast.UnaryOp(ast.USub(), operand):
            return negated(expression(operand), place)
        case ast.List(items):
            return ["list", *map(expression, items)]
        case ast.Tuple(items):
            return ["tuple", *map(expression, items)]
        case ast.Dict(keys, values):
            return ["dict", *([expression(key), expression(value)] for key, value in zip(keys, values))]
        case ast.Attribute(owner, name):
            return ["attribute", expression(owner), name]
        case ast.Subscript(owner, ast.Slice(start, stop, None)):
            return ["slice", expression(owner), optional(start), optional(stop)]
        case ast.Subscript(owner, index):
            return ["subscript", expression(owner), expression(index)]
        case ast.Call(callee, args, keywords):
            named = [[keyword.arg, expression(keyword.value)] for keyword in keywords]
            return ["call", expression(callee), list(map(expression, args)), named]
    raise ValueError(f"no TorchScript: {ast.dump(node)}")


def negated(operand: list[Any], place: list[int]) -> list[Any]:
    """A number with its sign is one constant."""
    if operand[0] == "int":
        return ["int", *place, str(-int(operand[3]))]
    if operand[0] == "float":
        return ["float", *place, bits(-struct.unpack(">d", bytes.fromhex(operand[3]))[0])]
    return ["negate", operand]


def bits(value: float) -> str:
    """The 64 bits: how a float is printed differs between languages. NaN has one sign."""
    return "7ff8000000000000" if value != value else struct.pack(">d", value).hex()


def optional(node: ast.expr | None) -> list[Any] | None:
    return None if node is None else expression(node)


def statement(node: ast.stmt) -> list[Any]:
    place = [node.lineno, node.col_offset]
    match node:
        case ast.Assign([ast.Tuple(targets)], value):
            return ["unpack", *place, list(map(expression, targets)), expression(value)]
        case ast.Assign([target], value) | ast.AnnAssign(target, _, ast.expr() as value):
            return ["assign", *place, expression(target), expression(value)]
        case ast.Expr(value):
            return ["evaluate", *place, expression(value)]
        case ast.Return(value):
            return ["return", *place, optional(value)]
        case ast.If(test, body, orelse):
            return ["if", *place, expression(test), block(body), block(orelse)]
        case ast.For(target, over, body, []):
            return ["for", *place, expression(target), expression(over), block(body)]
        case ast.While(test, body, []):
            return ["while", *place, expression(test), block(body)]
        case ast.With([ast.withitem(context, name)], body):
            return ["with", *place, expression(context), name.id if isinstance(name, ast.Name) else None, block(body)]
        case ast.Pass():
            return ["pass", *place]
    raise ValueError(f"no TorchScript: {ast.dump(node)}")


def block(body: list[ast.stmt]) -> list[Any]:
    return list(map(statement, body))


def function(node: ast.FunctionDef) -> list[Any]:
    positional = node.args.posonlyargs + node.args.args
    defaults = [None] * (len(positional) - len(node.args.defaults)) + node.args.defaults + node.args.kw_defaults
    parameters = [
        [arg.arg, optional(arg.annotation), optional(default)]
        for arg, default in zip(positional + node.args.kwonlyargs, defaults)
    ]
    return [node.name, node.lineno, node.col_offset, parameters, optional(node.returns), block(node.body)]


def definition(node: ast.ClassDef) -> list[Any]:
    base = node.bases[0].id if node.bases else ""
    attributes, methods = [], []
    for item in node.body:
        match item:
            case ast.FunctionDef():
                methods.append(function(item))
            case ast.AnnAssign(ast.Name(name), annotation, value):
                attributes.append([name, expression(annotation), optional(value)])
            case ast.Assign([ast.Name(name)], value):
                attributes.append([name, None, expression(value)])
            case ast.Assign([ast.Subscript(ast.Name("__annotations__"), ast.Constant(name))], annotation):
                attributes.append([name, expression(annotation), None])
            case ast.Pass():
                pass
            case _:
                raise ValueError(f"no TorchScript: {ast.dump(item)}")
    return [node.name, node.lineno, node.col_offset, base, attributes, methods]


def file(source: str) -> list[Any]:
    """Classes and functions, each in their order. A setting, which only PyTorch 1.5 and older wrote, is left out."""
    body = ast.parse(source).body
    classes = [definition(node) for node in body if isinstance(node, ast.ClassDef)]
    functions = [function(node) for node in body if isinstance(node, ast.FunctionDef)]
    if any(not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.Assign)) for node in body):
        raise ValueError("no TorchScript")
    return [classes, functions]


def records(archive: Path) -> dict[str, str]:
    """The texts of `code/`, by name and in the order of their names."""
    data = archive.read_bytes()
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(data) if archive.suffix == ".gz" else data)) as opened:
        names = {name.split("/", 1)[1]: name for name in opened.namelist()}
        return {
            short: opened.read(names[short]).decode()
            for short in sorted(names)
            if short.startswith("code/") and short.endswith(".py")
        }


def to_json(tree: object) -> str:
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=False)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    digests = {}
    for archive in sorted([*GOLDEN.glob("*.zip"), *GOLDEN.glob("networks/*.gz"), *GOLDEN.glob("versions/*/*.gz")]):
        sha256, found = hashlib.sha256(), records(archive)
        for name, source in found.items():
            sha256.update(f"{name}\n{to_json(file(source))}\n".encode())
        digests[archive.relative_to(GOLDEN).as_posix()] = {"records": len(found), "sha256": sha256.hexdigest()}
    trees = [
        {"archive": archive, "record": record, "tree": file(records(GOLDEN / archive)[record])}
        for archive, names in WHOLE.items()
        for record in names
    ]
    expressions = [{"source": source, "tree": expression(ast.parse(source, mode="eval").body)} for source in EXPRESSIONS]
    (FOLDER / "digests.json").write_text(json.dumps(digests, indent=1) + "\n")
    for name, lines in {"trees": trees, "expressions": expressions}.items():
        (FOLDER / f"{name}.json").write_text("[\n" + ",\n".join(map(to_json, lines)) + "\n]\n")


if __name__ == "__main__":
    main()
