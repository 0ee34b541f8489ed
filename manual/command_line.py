"""The page of `slipway`'s commands, made from the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from rich.text import Text

from slipway.cli import app

HEAD = """# Command line

Made by `make docs` from the program's own help texts; edit them in `slipway/`.

`slipway` is in the checkout's own environment: `.venv/bin/slipway`, or plain `slipway` after
`eval "$(uv run slipway env -s local)"`. `slipway --install-completion` teaches the shell its commands and options.

Exit codes: 0 done, 1 failed (the message tells what serves), 2 usage or configuration (nothing was changed), 3
deployed but the verification failed, 4 locked by another deploy. `logs` and `exec` end with the code of what they ran.
"""
WORDS: dict[type, str] = {str: "text", int: "number", float: "number"}
SHELLS_OWN = ("--help", "--install-completion", "--show-completion")


def reference(program: typer.Typer = app) -> str:
    """Return the whole page."""
    return HEAD + "".join(_section(path, command) for path, command in commands(program))


def commands(program: typer.Typer = app) -> Iterator[tuple[str, Any]]:
    """Yield every command with the words that call it, groups left out."""
    yield from _below("slipway", typer.main.get_command(program))


def options_of(command: Any) -> list[Any]:
    """Return the arguments and options that a person may give, without those that every command has."""
    return [
        each for each in command.params if not set(each.opts) & set(SHELLS_OWN) and not getattr(each, "hidden", False)
    ]


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in children.items():
        if not child.hidden:
            yield from _below(f"{path} {name}", child)


def _section(path: str, command: Any) -> str:
    given = options_of(command)
    lines = [f"\n## {path}\n", f"{_prose(command.help)}\n"]
    if given:
        lines += ["| | default | meaning |", "|---|---|---|", *(_row(each) for each in given)]
    if command.epilog:
        lines += [*([""] if given else []), *_examples(command.epilog)]
    return "\n".join(lines) + "\n"


def _row(given: Any) -> str:
    help_text = _prose(given.help)
    variable = f" (or `{given.envvar}`)" if given.envvar else ""
    return f"| {_name(given)} | {_default(given)} | {_cell(help_text)}{variable} |"


def _name(given: Any) -> str:
    if given.param_type_name == "argument":
        return f"`{given.name.upper()}`"
    names = ", ".join(f"`{name}`" for name in sorted((*given.opts, *given.secondary_opts), key=len, reverse=True))
    takes = "" if given.is_flag else f" {_takes(given)}"
    return f"{names}{takes}"


def _takes(given: Any) -> str:
    annotation = given.type_descriptor.annotation
    return str(given.metavar or WORDS.get(annotation) or getattr(annotation, "__name__", "value")).upper()


def _default(given: Any) -> str:
    if given.required:
        return "required"
    if given.param_type_name == "option" and given.is_flag:
        return "on" if given.default is True else "off"
    if not isinstance(given.default, str | int | float):
        return "none"
    return f"`{given.default:g}`" if isinstance(given.default, float) else f"`{given.default}`"


def _prose(text: str | None) -> str:
    paragraphs = (text or "").replace("\b", "").split("\n\n")
    return "\n\n".join(_plain(" ".join(paragraph.split())) for paragraph in paragraphs)


def _examples(epilog: str) -> list[str]:
    """Turn the epilog, `Examples:` and a line for each, into a block."""
    lines = [_plain(line).strip() for line in epilog.splitlines()]
    return ["```sh", *(line for line in lines if line not in {"", "Examples:"}), "```"]


def _plain(text: str) -> str:
    """Drop what colours a terminal; what is said dimly beside a command is a comment on a page."""
    return Text.from_markup(text.replace("[dim]", "[dim]# ")).plain


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
