"""Move the schema, then prove that every statement of the coming and of the serving API fits it."""

import json
from pathlib import Path
from typing import Any

from rollout.context import Context
from rollout.errors import CommandFailed, CommandTimeout, MigrationFailed, RolloutError, SchemaDrift
from rollout.steps.base import Step

ONE_SHOT = "migrate"
PROFILE = ("oneshot",)
STATEMENTS = "statements.json"
_AT = "/run/gate"


class Migrate(Step):
    """The release's one-shot container; what it did is never taken back, since it suits the serving release too."""

    name = "migrate"

    def do(self, ctx: Context) -> str:
        """Run it to its end within its time limit and keep its log in the release's folder."""
        log = ctx.folder / "migrate.log"
        limit_s = ctx.manifest().limits.migrate_timeout_s
        words = ("run", "--rm", "--no-deps", "--no-TTY", ONE_SHOT)
        try:
            done = ctx.docker.compose(ctx.project, ctx.folder, "app.yml", *words, profiles=PROFILE, timeout_s=limit_s)
        except CommandTimeout as late:
            tail = [line for c in ctx.docker.containers(ctx.project) for line in ctx.docker.logs(c)]
            ctx.docker.remove_project(ctx.project)
            raise MigrationFailed(
                f"the migration did not end within {limit_s} s and was stopped",
                where=ctx.release,
                todo="look for a lock it waits for (pg_stat_activity); limits.migrate_timeout_s gives more time",
                tail=tail,
            ) from late
        except CommandFailed as fault:
            ctx.host.write(log, ctx.redact(fault.output), mode=0o600)
            todo = "mend the migration and deploy again; what ran before it in the schema stays"
            raise MigrationFailed("the migration failed", where=ctx.release, todo=todo, tail=fault.tail) from fault
        ctx.host.write(log, ctx.redact(done.out + done.err), mode=0o600)
        return _last_line(done.out)

    def undo(self, ctx: Context) -> None:
        """Remove a container that was cut short."""
        ctx.docker.remove_project(ctx.project)


class Gate(Step):
    """Stops a release whose API, or whose predecessor's, doesn't fit the migrated schema."""

    name = "gate"

    def do(self, ctx: Context) -> str:
        """Prepare every statement on the live schema; raises SchemaDrift naming file, statement and column."""
        coming = self._statements(ctx, ctx.release)
        serving = self._statements(ctx, ctx.old) if ctx.old else []
        folder = ctx.folder / "gate"
        ctx.host.folder(folder)
        together = coming + [row for row in serving if row not in coming]
        ctx.host.write(folder / STATEMENTS, json.dumps({"service": "api", "statements": together}))
        self._check(ctx, folder, coming)
        return f"{len(together)} statements of {'both releases' if ctx.old else 'the release'} fit"

    def _statements(self, ctx: Context, release: str) -> list[dict[str, Any]]:
        kept = ctx.layout.release(release) / STATEMENTS
        if not kept.exists():
            refs = [image.id for image in ctx.manifest(release).images if image.variable == "API_IMAGE"]
            if not refs:
                return []
            words = (
                "run",
                "--rm",
                "--network",
                "none",
                "--entrypoint",
                "python",
                refs[0],
                "-m",
                "api.statements",
                "--json",
            )
            ctx.host.write(kept, ctx.docker(*words, timeout_s=60).out)
        statements: list[dict[str, Any]] = json.loads(kept.read_text())["statements"]
        return statements

    def _check(self, ctx: Context, folder: Path, coming: list[dict[str, Any]]) -> None:
        checker = self._newer(ctx)
        at = ("--volume", f"{folder}:{_AT}:ro")
        check = ("python", "manage.py", "schema_compat_check", "--json", "--statements", f"{_AT}/{STATEMENTS}")
        words = ("run", "--rm", "--no-deps", "--no-TTY", *at, ONE_SHOT, *check)
        try:
            done = ctx.docker.compose(
                ctx.layout.app(checker), ctx.layout.release(checker), "app.yml", *words, profiles=PROFILE
            )
        except CommandFailed as fault:
            raise _drift(fault, coming) from fault
        ctx.host.write(ctx.folder / "schema-compat-check.json", done.out)

    def _newer(self, ctx: Context) -> str:
        """The release whose migrations are all applied: in a rollback the serving one."""
        return max(ctx.release, ctx.old or "")


def _drift(fault: CommandFailed, coming: list[dict[str, Any]]) -> RolloutError:
    lines = describe_drift(fault.stdout, coming)
    if not lines:
        todo = "read the end of its log below"
        return SchemaDrift(
            "the schema check could not run", where=" ".join(fault.argv[-6:]), todo=todo, tail=fault.tail
        )
    return SchemaDrift(
        "the API's SQL or Django's models do not fit the migrated schema",
        where="\n         ".join(lines),
        todo="expand first, contract in a later release: keep what the serving release still reads",
    )


def describe_drift(output: str, coming: list[dict[str, Any]]) -> list[str]:
    """Name what the check found: file, line, statement, what is missing, and whose statement it is."""
    try:
        problems = json.loads(output)["problems"]
    except (ValueError, KeyError, TypeError):
        return []
    mine = {(row["file"], row["name"]) for row in coming}
    return [_describe(row, mine) for row in problems]


def _describe(problem: dict[str, Any], mine: set[tuple[str, str]]) -> str:
    if not problem["file"]:
        return str(problem["message"])
    whose = "" if (problem["file"], problem["statement"]) in mine else " (the serving release's)"
    return f"{problem['file']}:{problem['line']} {problem['statement']}{whose}: {problem['message']}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:80] if lines else "done"
