"""Property values as plain Python, and their way to and from the engine's protobuf Structs.

A value is None, bool, int, float, str, list, dict[str, value] or one of the classes below. Every number travels as a
double; whole ones come back as int, because an API that is sent `1.0` for a size refuses it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from google.protobuf.struct_pb2 import Struct
from google.protobuf.struct_pb2 import Value as ProtoValue

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a type mark of the protocol
ASSET_SIGNATURE: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_SENTINELS: Final = frozenset(
    {
        UNKNOWN_SENTINEL,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


class Unknown:
    """The type of `UNKNOWN`: a value that only a real run will know. Nobody else makes one."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; test with `is UNKNOWN` first")

    def __deepcopy__(self, memo: dict[int, Any]) -> Unknown:
        return self

    def __copy__(self) -> Unknown:
        return self


UNKNOWN: Final = Unknown()
"""The one unknown; compare by `is`."""


@dataclass(frozen=True)
class Secret:
    """A value that the state keeps encrypted and no output shows."""

    value: Any = field(repr=False)


@dataclass(frozen=True)
class Asset:
    """One file: by `path`, `text` or `uri` where the program gave it; old values carry the hash alone."""

    path: str | None = None
    text: str | None = field(default=None, repr=False)
    uri: str | None = None
    hash: str = ""


@dataclass(frozen=True)
class Archive:
    """A tree of files: by `path`, by `uri`, or `assets` by name; old values carry the hash alone."""

    path: str | None = None
    uri: str | None = None
    assets: Mapping[str, Asset | Archive] | None = None
    hash: str = ""


@dataclass(frozen=True)
class ResourceReference:
    """A resource passed as a value."""

    urn: str
    id: Any = ""


Value: TypeAlias = Any
"""None | bool | int | float | str | Unknown | Secret | Asset | Archive | ResourceReference | list | dict[str, …]."""

Properties: TypeAlias = dict[str, Value]


def from_struct(struct: Struct) -> Properties:
    """Read the engine's Struct; secrets stay wrapped."""
    return {key: _from_proto(item) for key, item in struct.fields.items()}


def to_struct(properties: Mapping[str, Value]) -> Struct:
    """Write properties as the engine's Struct."""
    struct = Struct()
    for key in sorted(properties):
        struct.fields[key].CopyFrom(_to_proto(properties[key], key))
    return struct


def walk(value: Value) -> Iterator[Value]:
    """Yield the value and everything inside it, looking through secrets."""
    yield value
    if isinstance(value, Secret):
        yield from walk(value.value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


def contains_unknown(value: Value) -> bool:
    """Tell whether an unknown stands anywhere in the value."""
    return any(item is UNKNOWN for item in walk(value))


def contains_secret(value: Value) -> bool:
    """Tell whether a secret stands anywhere in the value."""
    return any(isinstance(item, Secret) for item in walk(value))


def strip_secrets(value: Value) -> Value:
    """Return the value with every secret replaced by what it wraps."""
    if isinstance(value, Secret):
        return strip_secrets(value.value)
    if isinstance(value, dict):
        return {key: strip_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strip_secrets(item) for item in value]
    return value


def drop_unknowns(value: Value) -> Value:
    """Return the value without its unknown parts: keys go, an unknown alone becomes None."""
    if isinstance(value, dict):
        return {key: drop_unknowns(item) for key, item in value.items() if item is not UNKNOWN}
    if isinstance(value, list):
        return [drop_unknowns(item) for item in value]
    if isinstance(value, Secret):
        return Secret(drop_unknowns(value.value))
    return None if value is UNKNOWN else value


def mark_secrets(value: Value, like: Value) -> Value:
    """Wrap in `value` what is wrapped at the same place in `like`; where the shapes differ, wrap too much."""
    if isinstance(value, Secret) or value is UNKNOWN or value is None or not contains_secret(like):
        return value
    if isinstance(value, dict) and isinstance(like, dict):
        return {key: mark_secrets(item, like.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(like, list) and len(value) == len(like):
        return [mark_secrets(item, pattern) for item, pattern in zip(value, like, strict=True)]
    return Secret(strip_secrets(value))


def _from_proto(proto: ProtoValue) -> Value:
    kind = proto.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if proto.string_value in UNKNOWN_SENTINELS else proto.string_value
    if kind == "number_value":
        number = proto.number_value
        return int(number) if math.isfinite(number) and number == int(number) else number
    if kind == "bool_value":
        return proto.bool_value
    if kind == "list_value":
        return [_from_proto(item) for item in proto.list_value.values]
    if kind == "struct_value":
        return _from_map({key: _from_proto(item) for key, item in proto.struct_value.fields.items()})
    return None


def _from_map(fields: dict[str, Value]) -> Value:
    signature = fields.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        # An unknown secret arrives bare elsewhere: here too it is only unknown.
        return UNKNOWN if fields.get("value") is UNKNOWN else Secret(fields.get("value"))
    if signature == ASSET_SIGNATURE:
        return Asset(fields.get("path"), fields.get("text"), fields.get("uri"), fields.get("hash", ""))
    if signature == ARCHIVE_SIGNATURE:
        return Archive(fields.get("path"), fields.get("uri"), fields.get("assets"), fields.get("hash", ""))
    if signature == RESOURCE_SIGNATURE:
        return ResourceReference(fields.get("urn", ""), fields.get("id", ""))
    if signature == OUTPUT_SIGNATURE:
        inner = fields.get("value", UNKNOWN)
        return Secret(inner) if fields.get("secret") and inner is not UNKNOWN else inner
    return fields


def _to_proto(value: Value, where: str) -> ProtoValue:
    proto = ProtoValue()
    if value is None:
        proto.null_value = 0  # type: ignore[assignment]  # the enum's only member
    elif isinstance(value, bool):
        proto.bool_value = value
    elif isinstance(value, int | float):
        proto.number_value = value
    elif isinstance(value, str):
        proto.string_value = value
    elif isinstance(value, Unknown):
        proto.string_value = UNKNOWN_SENTINEL
    elif isinstance(value, list | tuple):
        proto.list_value.values.extend(_to_proto(item, f"{where}[{i}]") for i, item in enumerate(value))
        proto.list_value.SetInParent()
    else:
        proto.struct_value.CopyFrom(to_struct(_fields_of(value, where)))
    return proto


def _fields_of(value: Value, where: str) -> Mapping[str, Value]:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET_SIGNATURE, "value": value.value}
    if isinstance(value, Asset):
        return _present({SIGNATURE: ASSET_SIGNATURE, "path": value.path, "text": value.text, "uri": value.uri}, value)
    if isinstance(value, Archive):
        fields = {SIGNATURE: ARCHIVE_SIGNATURE, "path": value.path, "uri": value.uri, "assets": value.assets}
        return _present(fields, value)
    if isinstance(value, ResourceReference):
        return {SIGNATURE: RESOURCE_SIGNATURE, "urn": value.urn, "id": value.id}
    raise TypeError(f"{where}: {type(value).__name__} is not a property value")


def _present(fields: Mapping[str, Value], value: Asset | Archive) -> Mapping[str, Value]:
    kept = {key: item for key, item in fields.items() if item is not None}
    return {**kept, "hash": value.hash} if value.hash else kept
