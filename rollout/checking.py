"""Ask a release's own Django, in one run of its one-shot service, whether code and schema fit."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rollout.context import Context
from rollout.errors import CommandFailed, RolloutError, SchemaDrift
from rollout.host import Completed
from rollout.statements import models_of, statements_of

ONE_SHOT = "migrate"
PROFILE = ("oneshot",)
REPORT = "schema-compat-check.json"
MIGRATION_FAILED = 3  # the exit code of release_check
_AT = "/run/gate"
_ASKED = "asked.json"


@dataclass(frozen=True)
class Answer:
    """What is pending, and if nothing is, what was found."""

    pending: list[str]
    statements: int
    problems: list[dict[str, Any]]
    models: list[dict[str, Any]]
    is_demo_wanted: bool


def run_one_shot(
    ctx: Context, release: str, *command: str, options: Iterable[str] = (), timeout_s: float = 300
) -> Completed:
    """Run the one-shot service of a release to its end, under the coming release's project: undoing finds it there."""
    words = ("run", "--rm", "--no-deps", "--no-TTY", *options, ONE_SHOT, *command)
    folder = ctx.layout.release(release)
    return ctx.docker.compose(ctx.project, folder, "app.yml", *words, profiles=PROFILE, timeout_s=timeout_s)


def ask(
    ctx: Context, checker: str, releases: Iterable[str], *words: str, database: str = "", timeout_s: float = 300
) -> Answer:
    """Have one release's Django check the statements and models of releases; raises CommandFailed if it can't."""
    folder = ctx.folder / "gate"
    ctx.host.folder(folder)
    ctx.host.write(folder / _ASKED, json.dumps(_questions(ctx, checker, releases)))
    options = ["--volume", f"{folder}:{_AT}:ro", *(("--env", f"DATABASE_NAME={database}") if database else ())]
    command = ("python", "manage.py", "release_check", "--statements", f"{_AT}/{_ASKED}", *words)
    try:
        out = run_one_shot(ctx, checker, *command, options=options, timeout_s=timeout_s).out
    except CommandFailed as fault:
        if _last_json(fault.stdout) is None:
            raise
        out = fault.stdout
    told = _last_json(out)
    if told is None:
        raise RolloutError("the release check said nothing", where=checker, tail=out.splitlines()[-30:])
    ctx.host.write(ctx.folder / REPORT, json.dumps(told, indent=1))
    found = (told.get("problems", []), told.get("models", []), bool(told.get("is_demo_wanted")))
    return Answer(told["pending"], told.get("statements_checked", 0), *found)


def _questions(ctx: Context, checker: str, releases: Iterable[str]) -> dict[str, Any]:
    """Put the statements together, each named once, and the models that the checker doesn't know itself."""
    rows: list[dict[str, Any]] = []
    statements: list[dict[str, Any]] = []
    models: list[dict[str, Any]] = []
    for release in releases:
        own = [row for row in statements_of(ctx, release) if row not in rows]
        rows += own
        statements += [row | {"of": release} for row in own]
        if release != checker:
            models += [row | {"of": release} for row in models_of(ctx, release) or []]
    return {"service": "api", "statements": statements, "models": models}


def _last_json(out: str) -> dict[str, Any] | None:
    lines = [line for line in out.splitlines() if line.strip()]
    try:
        told = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def drift(ctx: Context, problems: list[dict[str, Any]], what: str, todo: str) -> SchemaDrift:
    """Make the message about what doesn't fit: file, line, statement, column, and whose it is."""
    return SchemaDrift(what, where="\n         ".join(_describe(ctx, row) for row in problems), todo=todo)


def could_not_check(fault: CommandFailed) -> SchemaDrift:
    """Make the message about a check that didn't come about."""
    todo = "read the end of its log below"
    return SchemaDrift("the schema check could not run", where=" ".join(fault.argv[-6:]), todo=todo, tail=fault.tail)


def _describe(ctx: Context, row: dict[str, Any]) -> str:
    whose = " (the serving release's)" if row["of"] and row["of"] == ctx.old else ""
    if not row["file"]:
        return f"{row['message']}{whose}"
    return f"{row['file']}:{row['line']} {row['statement']}{whose}: {row['message']}"
