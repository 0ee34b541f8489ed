"""The page of make's verbs, made from the Makefile's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from manual.place import ROOT

MAKEFILE = ROOT / "Makefile"
HEAD = """# Verbs of make

Made from the Makefile by `make docs`; edit the words behind `##` there. `make` alone lists the same.

`T=path` picks tests, `JOBS=3` runs so many processes of them side by side, `ARGS=…` goes to a benchmark, `PYTHON3=…`
names the Python that the environment is made with. `SLIPWAY_CACHE` moves downloads and builds out of the checkout.

| verb | what it does | after |
|---|---|---|
"""
_TARGET = re.compile(r"^(?P<name>[a-z][a-z-]*):(?P<before>[^=#]*?)(?:## (?P<words>.*))?$", re.MULTILINE)


@dataclass(frozen=True)
class Verb:
    """One target: what it does, and which other targets it makes first."""

    name: str
    words: str
    after: tuple[str, ...]


def verbs(makefile: Path = MAKEFILE) -> list[Verb]:
    """Return the targets in the order of the Makefile; one without words of its own has none here either."""
    found = _TARGET.finditer(makefile.read_text(encoding="utf-8"))
    return [Verb(each["name"], (each["words"] or "").strip(), _verbs_of(each["before"])) for each in found]


def _verbs_of(before: str) -> tuple[str, ...]:
    """Leave out the files among what a target is made from."""
    return tuple(word for word in before.split() if re.fullmatch(r"[a-z][a-z-]*", word))


def reference(makefile: Path = MAKEFILE) -> str:
    """Return the whole page."""
    return HEAD + "".join(_row(verb) for verb in verbs(makefile))


def _row(verb: Verb) -> str:
    after = ", ".join(f"`make {name}`" for name in verb.after) or ""
    words = verb.words.replace("|", "\\|")
    return f"| `make {verb.name}` | {words} | {after} |\n"
