"""The properties of a resource as data, and what follows from them alone: types, normal forms, equality."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from toolchain.plugins.provider import Failure
from toolchain.plugins.values import UNKNOWN, Properties, Value, contains_unknown

Kind = Literal["text", "whole", "number", "flag", "texts", "wholes", "object", "objects"]
Normal = Callable[[Any, Mapping[str, Any]], Any]
NAMES = {
    "text": "a text",
    "whole": "a whole number",
    "number": "a number",
    "flag": "true or false",
    "texts": "a list of texts",
    "wholes": "a list of whole numbers",
    "object": "an object",
    "objects": "a list of objects",
}


@dataclass(frozen=True)
class Field:
    """One property: what the program may say about it and what the API does with it."""

    name: str
    kind: Kind = "text"
    api: str = ""
    """Where it stands in the API's object (`region.slug`); the snake_case name unless given."""
    required: bool = False
    default: Value = None
    replaces: bool = False
    computed: bool = False
    """An input that the API chooses when the program leaves it out; leaving it out later changes nothing."""
    apart: bool = False
    """An input that another resource may manage: an import leaves it out."""
    unread: bool = False
    """An input that the API does not tell reliably; after an import the program's word is believed."""
    output: bool = False
    """Not an input."""
    follows: tuple[str, ...] = ()
    """Of an output: the inputs whose change in an update may change it."""
    fields: tuple[Field, ...] = ()
    """Of an object or a list of objects."""
    normal: Normal | None = None
    """Brings a value into the form in which equal ones are alike; its second argument is the object around it."""

    @property
    def path(self) -> str:
        """Where the value stands in the API's object."""
        return self.api or snake(self.name)

    @property
    def is_list(self) -> bool:
        """Whether it is a list; every list of this API is a set."""
        return self.kind in ("texts", "wholes", "objects")


def snake(name: str) -> str:
    """Return a camelCase name as the API writes it."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def dig(found: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path, None where the way ends."""
    value: Any = found
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def read_fields(fields: tuple[Field, ...], found: Mapping[str, Any]) -> Properties:
    """Take the fields' values out of the API's object."""
    return {field.name: dig(found, field.path) for field in fields}


def coerce(field: Field, value: Value, path: str) -> tuple[Value, list[Failure]]:
    """Return the value in the field's type (`"12"` is a number where one is needed), or what is wrong with it."""
    if value is UNKNOWN or value is None:
        return value, []
    if field.kind == "object":
        return _coerce_object(field, value, path)
    if field.is_list:
        if not isinstance(value, list):
            return value, [_wrong_kind(field.kind, path, value)]
        return _coerce_items(field, value, path)
    result = _coerce_scalar(field.kind, value)
    return (value, [_wrong_kind(field.kind, path, value)]) if result is None else (result, [])


def _coerce_items(field: Field, value: list[Value], path: str) -> tuple[Value, list[Failure]]:
    item_kind: dict[str, Kind] = {"texts": "text", "wholes": "whole", "objects": "object"}
    item = Field(field.name, item_kind[field.kind], fields=field.fields)
    done = [coerce(item, entry, f"{path}[{index}]") for index, entry in enumerate(value) if entry is not None]
    return [entry for entry, _ in done], [failure for _, failures in done for failure in failures]


def _coerce_object(field: Field, value: Value, path: str) -> tuple[Value, list[Failure]]:
    if not isinstance(value, dict):
        return value, [_wrong_kind("object", path, value)]
    result: Properties = {}
    failures: list[Failure] = []
    known = {inner.name: inner for inner in field.fields}
    for name in sorted(value):
        if name.startswith("__") or value[name] is None:
            continue
        if name not in known:
            failures.append(Failure(f"{path}.{name}", f"the property {name!r} is not supported here"))
            continue
        result[name], wrong = coerce(known[name], value[name], f"{path}.{name}")
        failures += wrong
    missing = [inner.name for inner in field.fields if inner.required and result.get(inner.name) in (None, "")]
    failures += [Failure(f"{path}.{name}", f"missing required property {name!r}") for name in missing]
    return result, failures


def _coerce_scalar(kind: Kind, value: Value) -> Value:
    if kind == "text":
        if isinstance(value, bool):
            return str(value).lower()
        return str(value) if isinstance(value, str | int | float) else None
    if kind == "flag":
        words = {"true": True, "false": False}
        return value if isinstance(value, bool) else words.get(value) if isinstance(value, str) else None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if kind == "number" or isinstance(value, int) else None


def _wrong_kind(kind: Kind, path: str, value: Value) -> Failure:
    shown = f", not {value!r}" if isinstance(value, bool | int | float) else ""
    return Failure(path, f"must be {NAMES[kind]}{shown}")


def canonical(field: Field, value: Value, around: Mapping[str, Any]) -> Value:
    """Return the form in which equal values are alike; what is left out and what is empty are alike too."""
    if value is None or value is UNKNOWN:
        return value
    if field.is_list:
        return sorted(item_key(field, item, around) for item in value) or None
    if field.kind == "object":
        return canonical_object(field, value) or None
    result = field.normal(value, around) if field.normal else value
    return None if result == "" else result


def canonical_object(field: Field, value: Mapping[str, Any]) -> Properties:
    """Return the object's values in their normal form, empty ones left out."""
    pairs = ((inner.name, canonical(inner, value.get(inner.name), value)) for inner in field.fields)
    return {name: inner for name, inner in pairs if inner is not None}


def item_key(field: Field, item: Value, around: Mapping[str, Any]) -> str:
    """Return a text that is the same for equal items of a list."""
    if contains_unknown(item):
        return f"unknown {item!r}"
    if field.kind == "objects":
        return json.dumps(canonical_object(field, item), sort_keys=True)
    return json.dumps(field.normal(item, around) if field.normal else item)


def is_same(field: Field, left: Value, right: Value, around: Mapping[str, Any]) -> bool:
    """Tell whether two values mean the same; an unknown is equal to nothing."""
    if contains_unknown(left) or contains_unknown(right):
        return False
    return bool(canonical(field, left, around) == canonical(field, right, around))


def as_written(field: Field, written: Value, live: Value, around: Mapping[str, Any]) -> Value:
    """Return the live value in the program's words: its spelling where both mean the same, its order in lists."""
    if live is None or is_same(field, written, live, around):
        return written if live is not None or is_same(field, written, None, around) else None
    if not field.is_list or not isinstance(written, list):
        return live
    keys = {item_key(field, item, around) for item in live}
    kept = [item for item in written if item_key(field, item, around) in keys]
    known = {item_key(field, item, around) for item in kept}
    added = [item for item in live if item_key(field, item, around) not in known]
    return kept + sorted(added, key=lambda item: item_key(field, item, around))


def lower(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of texts that the API compares without case."""
    return value.lower() if isinstance(value, str) else value


def stripped(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of texts whose surrounding blanks mean nothing."""
    return value.strip() if isinstance(value, str) else value


def zero_is_none(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of numbers for which 0 and nothing are alike."""
    return value or None
