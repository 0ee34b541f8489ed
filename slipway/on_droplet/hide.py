"""Passes lines through without the deployment's secrets, which so never leave the droplet: `… | python3 -c …`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path("/srv/slipway")
MASK = "[secret]"
# Compose clears lines even when told to use no such codes.
CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
SHORTEST = 8  # a shorter value would black out ordinary text


def secret_values(root: Path) -> list[str]:
    """Return every line of every secret file, and the passwords inside URLs; the longest first."""
    values: set[str] = set()
    for file in root.glob("releases/*/secrets/*/*"):
        for line in file.read_text(errors="replace").splitlines():
            values.add(line.strip())
            if "://" in line and "@" in line:
                values.add(line.partition("://")[2].rpartition("@")[0].partition(":")[2])
            elif ":" in line:
                values.add(line.partition(":")[2].strip())
    return sorted((value for value in values if len(value) >= SHORTEST), key=len, reverse=True)


def hide(lines: Iterable[str], values: list[str]) -> Iterator[str]:
    """Yield the lines with every secret value replaced, and without a terminal's control codes."""
    for raw in lines:
        line = CODES.sub("", raw)
        for value in values:
            if value in line:
                line = line.replace(value, MASK)
        yield line


if __name__ == "__main__":
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]  # it is a real file here
    for shown in hide(sys.stdin, secret_values(ROOT)):
        sys.stdout.write(shown)
        sys.stdout.flush()
