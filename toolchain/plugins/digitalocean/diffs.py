"""Detailed differences of inputs: lists are sets, and every path points at something that is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.plugins.digitalocean.fields import Field, canonical, is_same, item_key
from toolchain.plugins.provider import DiffKind
from toolchain.plugins.values import UNKNOWN, Value


def field_changes(field: Field, old: Value, new: Value, around: Mapping[str, Any]) -> dict[str, DiffKind]:
    """Return the changes of one top-level property by path."""
    found = _changes(field, old, new, field.name, around)
    return {path: kind.replacing() for path, kind in found.items()} if field.replaces else found


def _changes(field: Field, old: Value, new: Value, path: str, around: Mapping[str, Any]) -> dict[str, DiffKind]:
    if is_same(field, old, new, around):
        return {}
    if new is not UNKNOWN and canonical(field, new, around) is None:
        return {path: DiffKind.DELETE}
    if old is UNKNOWN or canonical(field, old, around) is None:
        return {path: DiffKind.ADD}
    if new is UNKNOWN:
        return {path: DiffKind.UPDATE}
    if field.is_list:
        return _set_changes(field, old, new, path, around)
    if field.kind == "object":
        return _object_changes(field, old, new, path)
    return {path: DiffKind.UPDATE}


def _object_changes(field: Field, old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> dict[str, DiffKind]:
    changes: dict[str, DiffKind] = {}
    for inner in field.fields:
        changes |= _changes(inner, old.get(inner.name), new.get(inner.name), f"{path}.{inner.name}", new)
    return changes


def _set_changes(
    field: Field, old: list[Value], new: list[Value], path: str, around: Mapping[str, Any]
) -> dict[str, DiffKind]:
    gone, come = _unmatched(field, old, new, around), _unmatched(field, new, old, around)
    changes: dict[str, DiffKind] = {}
    for index in sorted(gone | come):
        here = f"{path}[{index}]"
        if index not in come:
            changes[here] = DiffKind.DELETE
        elif index not in gone:
            changes[here] = DiffKind.ADD
        elif field.kind == "objects":
            changes |= _object_changes(field, old[index], new[index], here)
        else:
            changes[here] = DiffKind.UPDATE
    return changes


def _unmatched(field: Field, items: list[Value], others: list[Value], around: Mapping[str, Any]) -> set[int]:
    """Return the indexes of the items that have no partner among the others."""
    free: dict[str, int] = {}
    for other in others:
        key = item_key(field, other, around)
        free[key] = free.get(key, 0) + 1
    alone: set[int] = set()
    for index, item in enumerate(items):
        key = item_key(field, item, around)
        if free.get(key, 0) and not key.startswith("unknown "):
            free[key] -= 1
        else:
            alone.add(index)
    return alone
