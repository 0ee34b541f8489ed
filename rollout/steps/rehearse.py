"""Find out what a release would do to the schema, and whether that would break anything, before anything is touched."""

from rollout.checking import MIGRATION_FAILED, Answer, ask, could_not_check, drift
from rollout.context import Context
from rollout.errors import CommandFailed, CommandTimeout, MigrationFailed, RehearsalFailed
from rollout.postgres import COPY, Postgres
from rollout.rehearsal import Rehearsal, keep
from rollout.statements import keep_models
from rollout.steps.base import Step

UNTOUCHED = "nothing was changed in the database"
_EXPAND = "expand first, contract in a later release: keep what the serving release still reads"


class Rehearse(Step):
    """Without a pending migration the check is done here; else the migration runs on a copy without rows first."""

    name = "rehearse"

    def do(self, ctx: Context) -> str:
        """Raise SchemaDrift or MigrationFailed while the live database is as it was."""
        server = Postgres.find(ctx) if ctx.old is None else None
        if server and not server.has_tables():
            keep(ctx, Rehearsal(None, 0, "nothing"))
            return "an empty database: nothing that could break"
        live = self._ask(ctx)
        if not live.pending:
            return self._pass(ctx, live, Rehearsal([], live.statements, "live", live.is_demo_wanted))
        server = server or Postgres.find(ctx)
        told = f"{len(live.pending)} to apply: {live.pending[0]}{', …' if live.pending[1:] else ''}"
        if server is None or not server.has_tables():
            keep(ctx, Rehearsal(live.pending, 0, "nothing"))
            return f"{told}; no tables here to make a copy of"
        self._copy(server)
        copied = self._ask(ctx, "--migrate", database=COPY)
        server.drop_copy()
        return f"{told}; on a copy {self._pass(ctx, copied, Rehearsal(live.pending, copied.statements, 'copy'))}"

    def undo(self, ctx: Context) -> None:
        """Remove a container that was cut short, and the copy."""
        ctx.docker.remove_project(ctx.project)
        server = Postgres.find(ctx)
        if server:
            server.drop_copy()

    def _copy(self, server: Postgres) -> None:
        try:
            server.make_copy()
        except CommandFailed as fault:
            what = f"the schema could not be copied for a rehearsal; {UNTOUCHED}"
            raise RehearsalFailed(
                what, where=f"database {COPY}", todo="read what Postgres said", tail=fault.tail
            ) from fault

    def _ask(self, ctx: Context, *words: str, database: str = "") -> Answer:
        limit_s = ctx.manifest().limits.migrate_timeout_s
        releases = [ctx.release, *([ctx.old] if ctx.old else [])]
        try:
            return ask(ctx, ctx.release, releases, *words, database=database, timeout_s=limit_s)
        except CommandTimeout as late:
            what = f"the rehearsal did not end within {limit_s} s; {UNTOUCHED}"
            raise MigrationFailed(what, where=ctx.release, todo="limits.migrate_timeout_s gives more time") from late
        except CommandFailed as fault:
            if fault.code != MIGRATION_FAILED:
                raise could_not_check(fault) from fault
            what = f"the migration failed on a copy of the schema without rows; {UNTOUCHED}"
            raise MigrationFailed(what, where=ctx.release, todo="mend the migration", tail=fault.tail) from fault

    def _pass(self, ctx: Context, answer: Answer, rehearsal: Rehearsal) -> str:
        if answer.problems:
            what = "the migrations would break what the API's SQL or Django's models need"
            if rehearsal.is_code_only:
                what = "the API's SQL or Django's models do not fit the schema"
            raise drift(ctx, answer.problems, f"{what}; {UNTOUCHED}", _EXPAND)
        keep_models(ctx, ctx.release, answer.models)
        keep(ctx, rehearsal)
        return f"{answer.statements} statements of {'both releases' if ctx.old else 'the release'} fit"
