"""What pages tell people to type and to set exists: commands, options, settings, verbs of make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel

from infra.settings import Settings
from manual import command_line, verbs
from manual.pages import all_pages, shell_lines
from manual.place import DOCS, ROOT

# What a changelog tells of may be gone, and decisions tell of their day.
PAGES = [p for p in all_pages() if p.name != "CHANGELOG.md" and p.parent.name != "decisions"]
COMMANDS = dict(command_line.commands())
KEYS = {to_camel(name) for name in Settings.model_fields}
TARGETS = {verb.name for verb in verbs.verbs()}
_CALL = re.compile(r"(?:^|[|(&;]) *slipway +(?P<rest>[a-z][^|;&\"')`#<>]*)")
_KEY = re.compile(r"\bslipway:(?P<key>[a-z][A-Za-z]+)\b(?![:$])")
_MAKE = re.compile(r"`make (?P<name>[a-z][a-z-]*)")


def unknown_words(call: str) -> list[str]:
    """Return what `slipway` would not understand of a call: the command itself, or options."""
    words = call.partition(" -- ")[0].split()
    path = next(
        (f"slipway {' '.join(words[:n])}" for n in (2, 1) if f"slipway {' '.join(words[:n])}" in COMMANDS), None
    )
    if path is None:
        return words[:1]
    known = {name for given in COMMANDS[path].params for name in (*given.opts, *given.secondary_opts)}
    return [word for word in words if word.startswith("-") and word not in {"-", "--"} | known]


def calls(text: str) -> list[str]:
    return [found["rest"] for line in shell_lines(text) for found in _CALL.finditer(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_shows_only_what_there_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert {call: words for call in calls(text) if (words := unknown_words(call))} == {}
    assert {found["key"] for found in _KEY.finditer(text)} - KEYS - {"network", "host"} == set()
    assert {found["name"] for found in _MAKE.finditer(text)} - TARGETS == set()


def test_what_is_not_there_is_found() -> None:
    shown = ["slipway status -s local --json   # slipway is", "slipway dance", 'x="$(slipway logs api --loud)"']
    shown += ["slipway exec -- ls --all", "psql -c 'alter database slipway rename to x'"]
    text = "\n".join(["```sh", *shown, "```"])
    assert [unknown_words(call) for call in calls(text)] == [[], ["dance"], ["--loud"], []]


def test_the_runbooks_are_looked_at() -> None:
    shown = [call for page in (DOCS / "runbooks").glob("*.md") for call in calls(page.read_text(encoding="utf-8"))]
    assert len(shown) > 20
