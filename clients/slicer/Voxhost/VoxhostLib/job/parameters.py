"""From a workflow's declared parameters to fields of a form, and back to values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: Digits behind the point in a number's field.
DECIMALS = 4

#: Ends of a number's range that the workflow leaves open: what a Qt spin box can still show.
OPEN_INTEGER = 2**31 - 1
OPEN_NUMBER = 1e9


@dataclass(frozen=True)
class Field:
    """One field of the form."""

    name: str
    #: `number`, `integer`, `boolean`, `string` or `choice`.
    kind: str
    label: str
    tip: str
    default: Any
    minimum: float = 0
    maximum: float = 0
    step: float = 1
    choices: tuple[Any, ...] = ()


def field_of(parameter) -> Field:
    """The field for a declared parameter (`name`, `type`, `default`, `minimum`, `maximum`, `description`, `choices`)."""
    label = parameter.name.replace("_", " ").capitalize()
    tip = parameter.description or parameter.name
    if parameter.choices:
        default = parameter.default if parameter.default in parameter.choices else parameter.choices[0]
        return Field(parameter.name, "choice", label, tip, default, choices=tuple(parameter.choices))
    if parameter.type in ("number", "integer"):
        whole = parameter.type == "integer"
        end = OPEN_INTEGER if whole else OPEN_NUMBER
        minimum = -end if parameter.minimum is None else max(parameter.minimum, -end)
        maximum = end if parameter.maximum is None else min(parameter.maximum, end)
        default = parameter.default if parameter.default is not None else max(minimum, min(0, maximum))
        if whole:
            minimum, maximum, default = int(minimum), int(maximum), int(default)
        span = maximum - minimum
        step = 1 if whole else 0.05 if span <= 1 else 1.0 if span <= 100 else 10.0
        return Field(parameter.name, parameter.type, label, tip, default, minimum, maximum, step)
    if parameter.type == "boolean":
        return Field(parameter.name, "boolean", label, tip, bool(parameter.default))
    return Field(parameter.name, "string", label, tip, parameter.default or "")


def changed_values(fields: list[Field], values: dict[str, Any]) -> dict[str, Any]:
    """The values that differ from the defaults: the host fills in the others itself, to the last digit."""
    return {field.name: values[field.name] for field in fields if _differs(field, values[field.name])}


def _differs(field: Field, value: Any) -> bool:
    if field.kind == "number":
        return abs(value - field.default) > 0.5 * 10**-DECIMALS
    return value != field.default
