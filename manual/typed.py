"""Which commands a test types, read from its source: what a page promises must be what a test does."""

from __future__ import annotations

import ast
from pathlib import Path

# Helpers of tests/checkout.py by the words that they put in front; `must` and `run` take a command as it is.
HELPERS = {"slipway": ("slipway",), "pulumi": ("pulumi",), "must": (), "run": ()}


def typed_by(file: Path, function: str) -> list[tuple[str, ...]]:
    """Return the commands, word by word, that a function calls with nothing but literal words."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function]
    if not functions:
        raise LookupError(f"{file} has no function {function}")
    calls = [n for found in functions for n in ast.walk(found) if isinstance(n, ast.Call)]
    return [words for call in calls if (words := _words(call)) is not None]


def _words(call: ast.Call) -> tuple[str, ...] | None:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in HELPERS:
        return None
    given = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return (*HELPERS[call.func.attr], *given) if len(given) == len(call.args) else None
