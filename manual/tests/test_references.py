"""Whatever a person may type or set is told, in words, on a page that is current."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from infra.settings import Settings
from manual import command_line, verbs
from manual.generated import stale
from manual.place import DOCS, ROOT
from slipway.cli import app

COMMANDS = dict(command_line.commands())
PAGE = (DOCS / "command-line.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_and_its_options_say_what_they_do(path: str) -> None:
    command = COMMANDS[path]
    assert command.help, f"`{path}` has no help text"
    silent = [given.name for given in command_line.options_of(command) if not given.help]
    assert silent == [], f"`{path}` says nothing about {silent}"


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_is_on_the_page_with_all_that_its_own_help_shows(path: str) -> None:
    shown = CliRunner().invoke(app, [*path.split()[1:], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert shown.exit_code == 0
    section = PAGE.partition(f"## {path}\n")[2].partition("\n## ")[0]
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", _options_box(shown.output))) - {"--help"}
    missing = [option for option in options if f"`{option}`" not in section]
    assert section, f"docs/command-line.md doesn't know `{path}`: run `make docs`"
    assert missing == [], f"docs/command-line.md doesn't know {missing} of `{path}`: run `make docs`"


def _options_box(help_text: str) -> str:
    """Cut the list of options out of a help text, whose examples name those of other programs too."""
    lines = help_text.splitlines()
    return "\n".join(line for line in lines if line.startswith("│"))


def test_pages_made_from_the_code_are_current() -> None:
    made: dict[str, Callable[[], str]] = {
        "docs/command-line.md": command_line.reference,
        "docs/make.md": verbs.reference,
    }
    assert stale(made) == [], "run `make docs`"


def start(stack: Annotated[str, typer.Option("--stack", help="Which.")] = "local") -> None:
    """Start it."""


def start_quietly(
    stack: Annotated[str, typer.Option("--stack", help="Which.")] = "local",
    is_quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing.")] = False,
) -> None:
    """Start it."""


def test_a_new_option_makes_the_page_stale(tmp_path: Path) -> None:
    def page_of(act: Callable[..., None]) -> str:
        program = typer.Typer()
        program.command("start")(act)
        program.command("other")(start)
        return command_line.reference(program)

    (tmp_path / "page.md").write_text(page_of(start))
    assert stale({"page.md": lambda: page_of(start)}, tmp_path) == []
    assert stale({"page.md": lambda: page_of(start_quietly)}, tmp_path) == ["page.md"]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_says_what_it_means(name: str) -> None:
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_on_the_page(name: str) -> None:
    alias = Settings.model_config["alias_generator"]
    assert callable(alias)
    assert f"`slipway:{alias(name)}`" in (DOCS / "configuration.md").read_text(encoding="utf-8")


def test_every_verb_of_make_says_what_it_does() -> None:
    phony = set(re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = {verb.name: verb.words for verb in verbs.verbs()}
    assert set(told) == phony
    assert [name for name, words in told.items() if not words] == []


def test_a_verb_without_words_is_found(tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text("COMPILE := x\nup: machine $(TOOL) ## Bring it up\n\t@true\ndown:\n\t@true\n")
    assert verbs.verbs(makefile) == [verbs.Verb("up", "Bring it up", ("machine",)), verbs.Verb("down", "", ())]
