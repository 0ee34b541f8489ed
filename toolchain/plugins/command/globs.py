"""The path globs of `assetPaths` and `archivePaths`."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from toolchain.plugins.command.errors import CommandInputError
from toolchain.plugins.values import Asset


def find_assets(directory: Path, patterns: Sequence[str]) -> dict[str, Asset]:
    """Return the files below `directory` that the patterns choose, in order; `!` takes out what came before."""
    rules = [(pattern.startswith("!"), compile_glob(pattern.removeprefix("!"))) for pattern in patterns]
    chosen: dict[str, Asset] = {}
    for name in sorted(_files(directory)):
        is_in = False
        for excludes, rule in rules:
            if rule.fullmatch(name):
                is_in = not excludes
        if is_in:
            path = directory / name
            chosen[name] = Asset(path=str(path), hash=hashlib.sha256(path.read_bytes()).hexdigest())
    return chosen


def compile_glob(pattern: str) -> re.Pattern[str]:
    """Translate a glob: `*` and `?` stop at `/`, `**` does not, `[a-z]`, `[!a-z]`, `{one,other}`, `\\` escapes."""
    out, depth, position = [], 0, 0
    while position < len(pattern):
        character = pattern[position]
        if pattern.startswith("**", position):
            out.append(".*")
            position += 1
        elif character in _PLAIN:
            out.append(_PLAIN[character])
        elif character == "[" and (end := pattern.find("]", position + 2)) > 0:
            inner = pattern[position + 1 : end].replace("\\", "\\\\")
            out.append(f"[^{inner[1:]}]" if inner[0] in "!^" else f"[{inner}]")
            position = end
        elif character == "\\" and position + 1 < len(pattern):
            position += 1
            out.append(re.escape(pattern[position]))
        elif character in "{}," and (depth or character == "{"):
            depth += {"{": 1, "}": -1, ",": 0}[character]
            out.append({"{": "(?:", "}": ")", ",": "|"}[character])
        else:
            out.append(re.escape(character))
        position += 1
    if depth:
        raise CommandInputError(f"the path glob {pattern!r} opens a {{ that it does not close")
    return re.compile("".join(out), re.DOTALL)


_PLAIN = {"*": "[^/]*", "?": "[^/]"}


def _files(directory: Path) -> Iterator[str]:
    for folder, _, names in os.walk(directory):
        for name in names:
            yield Path(folder, name).relative_to(directory).as_posix()
