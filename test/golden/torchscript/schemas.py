"""Writes server/torchscript/operators/schemas.ts: PyTorch's own text for every overload that the table names."""

import json
import re
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[3]
OPERATORS = ROOT / "server" / "torchscript" / "operators"
HEADER = "// PyTorch's own schema texts, by overload. Written by test/golden/torchscript/schemas.py: do not edit.\n"

# Overloads of operators whose names the table puts together.
OVERLOADS = {"", "Tensor", "Scalar", "vec", "dim", "correction"}


def main() -> None:
    known: dict[str, str] = {}
    for schema in map(str, torch._C._jit_get_all_schemas()):
        match = re.match(r"(aten|prim)::([\w.]+)\(", schema)
        if match and (match[2] not in known or rank(schema) > rank(known[match[2]])):
            known[match[2]] = schema
    source = "".join(path.read_text() for path in OPERATORS.glob("*.ts") if path.name != "schemas.ts")
    words = set(re.findall(r"['`]([\w.]+)['`]", source))
    stems = families(source)
    names = [name for name in known if name in words or (name.split(".")[0] in stems and overload_of(name) in OVERLOADS)]
    named = {name: known[name] for name in names}
    for name in list(named):
        stem, _, overload = name.partition(".")
        changed = f"{stem}_.{overload}" if overload else f"{stem}_"
        if changed in known and not stem.endswith("_"):
            named[changed] = known[changed]
    named = {name: text.split("::", 1)[1] for name, text in named.items()}
    lines = [f"  {quote_key(name)}: {quote(text)}," for name, text in sorted(named.items())]
    body = "export const SCHEMAS: Readonly<Record<string, string>> = {\n" + "\n".join(lines) + "\n};\n"
    (OPERATORS / "schemas.ts").write_text(HEADER + body)


def rank(schema: str) -> tuple[bool, bool]:
    """Of two with one name: the one of tensors, then the one of aten."""
    return "Tensor" in schema.split(" -> ")[0], schema.startswith("aten::")


def overload_of(name: str) -> str:
    return name.partition(".")[2]


def families(source: str) -> set[str]:
    """Names that the table builds from a stem: `both('mul', …)`, `max_pool${axes}d`, `upsample(`…`)`."""
    stems = set(re.findall(r"\b(?:both|compare|spread|upsample|addProduct|SUM|pointwise\w*|activation)\(\s*['`]([\w.$&{}]+)['`]", source))
    stems |= set(re.findall(r"`(\w+\$\{axes\}\w+)`", source))
    expanded = {stem.replace("${axes}", str(axes)) for stem in stems for axes in (1, 2, 3)}
    return expanded


def quote(text: str) -> str:
    return json.dumps(text) if "'" in text else "'" + text.replace("\\", "\\\\") + "'"


def quote_key(name: str) -> str:
    return f"'{name}'" if "." in name else name


if __name__ == "__main__":
    main()
