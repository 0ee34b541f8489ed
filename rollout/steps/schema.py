"""Move the schema, then prove that every statement of the coming and of the serving API fits it."""

from rollout.checking import ask, could_not_check, drift, run_one_shot
from rollout.context import Context
from rollout.errors import CommandFailed, CommandTimeout, MigrationFailed, SchemaDrift
from rollout.rehearsal import recall
from rollout.statements import keep_models, models_of
from rollout.steps.base import Step

_DRIFT = "the API's SQL or Django's models do not fit the migrated schema"


class Migrate(Step):
    """The release's one-shot container; what it did is never taken back, since it suits the serving release too."""

    name = "migrate"

    def do(self, ctx: Context) -> str:
        """Run it to its end within its time limit and keep its log in the release's folder."""
        rehearsal = recall(ctx)
        if rehearsal.is_code_only and not rehearsal.is_demo_wanted:
            return "nothing to migrate"
        log = ctx.folder / "migrate.log"
        limit_s = ctx.manifest().limits.migrate_timeout_s
        try:
            done = run_one_shot(ctx, ctx.release, timeout_s=limit_s)
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
    """Stops a release whose API, or whose predecessor's, doesn't fit the schema as the migrations left it."""

    name = "gate"

    def do(self, ctx: Context) -> str:
        """Describe every statement on the live schema; raises SchemaDrift naming file, statement and column."""
        rehearsal = recall(ctx)
        if rehearsal.is_code_only:
            return f"{rehearsal.statements_checked} statements fitted, and the schema is as it was"
        try:
            answer = ask(ctx, ctx.release, [ctx.release, *([ctx.old] if ctx.old else [])])
        except CommandFailed as fault:
            raise could_not_check(fault) from fault
        if answer.pending:
            raise SchemaDrift("migrations are still to be applied", where=", ".join(answer.pending))
        if answer.problems:
            todo = "expand first, contract in a later release: keep what the serving release still reads"
            raise drift(ctx, answer.problems, _DRIFT, todo)
        keep_models(ctx, ctx.release, answer.models)
        return f"{answer.statements} statements of {'both releases' if ctx.old else 'the release'} fit"

    def undo(self, ctx: Context) -> None:
        """Remove a container that was cut short."""
        ctx.docker.remove_project(ctx.project)


class GateBack(Gate):
    """Stops the way back to a release that the schema has left behind; the newer release's Django checks it."""

    def do(self, ctx: Context) -> str:
        """Describe the target's statements on the live schema, and compare its models with the tables."""
        checker = max(ctx.release, ctx.old or "")
        try:
            answer = ask(ctx, checker, [ctx.release])
        except CommandFailed as fault:
            raise could_not_check(fault) from fault
        if answer.pending:
            todo = "deploy the release anew instead: only then its migrations run"
            what = f"migrations of release {checker} are not applied"
            raise SchemaDrift(what, where=", ".join(answer.pending), todo=todo)
        # What the release that is left needs is no reason to stay with it.
        problems = [row for row in answer.problems if (row["of"] or checker) == ctx.release]
        if problems:
            todo = "choose a later release (rollout releases), or deploy that code anew with what it needs"
            raise drift(ctx, problems, f"release {ctx.release} no longer fits the schema; nothing was changed", todo)
        is_recorded = checker == ctx.release or models_of(ctx, ctx.release) is not None
        return f"{answer.statements} statements{' and the models' if is_recorded else ''} of {ctx.release} fit"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:80] if lines else "done"
