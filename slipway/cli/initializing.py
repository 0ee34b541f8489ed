"""`slipway init`: asks, makes keys and secrets, writes Pulumi.<stack>.yaml."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from infra.loading import TOKEN_VARIABLES
from slipway.caller import caller_address
from slipway.cli.shared import SETTING_UP, AsJson, Stack, err, examples, out, print_json
from slipway.environment import LOCAL, stack_environment
from slipway.errors import ConfigurationFault
from slipway.initial.answers import TOKEN_KEY, Answers, Question, problem_with, questions, unanswered
from slipway.initial.writing import Outcome, Writer
from slipway.project import Project

commands = typer.Typer()


@commands.command(
    rich_help_panel=SETTING_UP,
    epilog=examples(
        ("slipway init -s staging", "asks what it needs"),
        ("slipway init -s staging --region ams3", "one answer, changed"),
        ("slipway init -s staging --yes --token-file -", "asks nothing, tells what is missing"),
        ("slipway init -s staging --guarded admin", "Django's admin, behind a password"),
    ),
)
def init(
    stack: Stack = "staging",
    domain: Annotated[str | None, typer.Option("--domain", help="The site's domain.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="Where the certificate authority may write.")] = None,
    network: Annotated[list[str] | None, typer.Option("--network", help="May reach SSH; can be repeated.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Where droplet and volume are.")] = None,
    size: Annotated[str | None, typer.Option("--size", help="The droplet's size.")] = None,
    guarded: Annotated[
        list[str] | None, typer.Option("--guarded", help="A guarded host to switch on, e.g. admin; can be repeated.")
    ] = None,
    deploy_window: Annotated[
        bool | None,
        typer.Option("--deploy-window/--no-deploy-window", help="Open port 22 for the time of a deploy only."),
    ] = None,
    ssh_key: Annotated[
        str | None, typer.Option("--ssh-key", help="Your private key's file; none: one is made.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="File with the API token; - for stdin.", allow_dash=True)
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: options and defaults are the answers.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask what a stack needs, make its keys and secrets, and write Pulumi.STACK.yaml.

    What is there stays unless an option says otherwise, so it can be run again at any time.
    """
    if stack == LOCAL:
        raise ConfigurationFault("Stack local needs no answers: slipway deploy -s local makes all it needs")
    token = _token(token_file)
    answers = Answers(domain, email, network or (), region, size, guarded or (), deploy_window, ssh_key, token)
    outcome = _initialize(Project.find(), stack, answers, may_ask=is_terminal() and not yes and not as_json)
    if as_json:
        print_json(asdict(outcome))
    else:
        _tell(outcome)


def _initialize(project: Project, stack: str, answers: Answers, *, may_ask: bool) -> Outcome:
    writer = Writer(project, stack, os.environ | stack_environment(project, stack))
    writer.open()
    wanted = _answered(answers, writer.config, may_ask=may_ask)
    token = answers.token
    if may_ask and token is None and not _has_token(writer.config):
        token = typer.prompt("API token of DigitalOcean (not shown)", hide_input=True, err=True).strip()
    return writer.write(wanted, token)


def is_terminal() -> bool:
    """Tell whether somebody is there to answer."""
    return sys.stdin.isatty()


def _answered(answers: Answers, config: Mapping[str, str], *, may_ask: bool) -> dict[str, str]:
    """Return the settings to be written; raises ConfigurationFault that names every wrong and missing answer."""
    wanted = answers.given()
    wrong = [f"{key}: {problem}" for key, value in wanted.items() if (problem := problem_with(key, value))]
    if wrong:
        raise ConfigurationFault("\n  ".join(["Not taken, so nothing was changed:", *wrong]))
    is_windowed = wanted.get("slipway:deployWindow") == "true"
    asked = questions(lambda: "[]" if is_windowed else _own_network() if may_ask else None)
    open_ = list(unanswered(asked, dict(config) | wanted))
    if may_ask:
        return wanted | {question.key: _ask(question) for question in open_}
    defaults = {question.key: question.default() for question in open_}
    missing = [question for question in open_ if defaults[question.key] is None]
    if missing:
        raise ConfigurationFault(_tell_missing(missing))
    return wanted | {key: value for key, value in defaults.items() if value is not None}


def _ask(question: Question) -> str:
    while True:
        value = question.as_value(typer.prompt(question.text, default=question.default(), err=True))
        problem = problem_with(question.key, value)
        if problem is None:
            return value
        err.print(f"  {problem}", style="yellow", markup=False)


def _tell_missing(missing: Sequence[Question]) -> str:
    lines = [f"  {question.option}: {question.text}" for question in missing]
    return "\n".join(["Nothing was changed; there is no answer yet for:", *lines])


def _own_network() -> str | None:
    try:
        return f"{caller_address(None, asks_outside=True)}/32"
    except ConfigurationFault:
        return None  # a default is a courtesy; the question is asked without one


def _token(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return (sys.stdin.read() if str(file) == "-" else file.read_text()).strip()
    except OSError as error:
        raise ConfigurationFault(f"{file} can't be read: {error.strerror}") from error


def _has_token(config: Mapping[str, str]) -> bool:
    return TOKEN_KEY in config or any(os.environ.get(name) for name in TOKEN_VARIABLES)


def _tell(outcome: Outcome) -> None:
    stack = outcome.stack
    lines = [f"made stack {stack}"] if outcome.made_stack else []
    lines += [f"set   {key}" for key in outcome.set_keys]
    lines += [f"kept  {len(outcome.kept_keys)} settings as they were"] if outcome.kept_keys else []
    lines += [f"made  {file}: only you can read it, and git ignores it; keep a copy" for file in outcome.made_files]
    lines += ["Next:", f"  slipway doctor -s {stack}", f"  slipway deploy -s {stack}"]
    out.print("\n".join(lines), markup=False, soft_wrap=True)
