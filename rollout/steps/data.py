"""Postgres and Redis, the roles and their passwords, and the dump before a migration."""

from rollout.backup import prune_dumps
from rollout.context import Context
from rollout.errors import BackupFailed, CommandFailed
from rollout.postgres import Postgres
from rollout.rehearsal import recall
from rollout.standing import ensure
from rollout.steps.base import Step

ROLES = "/etc/slipway/roles.sql"


class Data(Step):
    """The data project; its files and volumes are never removed."""

    name = "data"

    def do(self, ctx: Context) -> str:
        """Have the data services well and the roles right."""
        return self._bring_to(ctx, ctx.release)

    def undo(self, ctx: Context) -> None:
        """Go back to the serving release's data services; on a first deployment stop them."""
        if ctx.old:
            self._bring_to(ctx, ctx.old)
        elif ctx.serving is None:
            ctx.docker.remove_project(ctx.layout.project("data"))

    def _bring_to(self, ctx: Context, release: str) -> str:
        done = ensure(ctx, "data", release)
        if not (ctx.layout.release(release) / "compose/data/roles.sql").exists():
            return done
        server = Postgres.find(ctx)
        if server is None:
            return f"{done}, no Postgres to give roles to"
        server.psql("--file", ROLES)
        return f"{done}, roles right"


class Backup(Step):
    """A dump that was read back. It stays after a failure: it is still a good one."""

    name = "backup"

    def do(self, ctx: Context) -> str:
        """Dump the database if a migration is to come and it has tables, and remove the oldest dumps."""
        if recall(ctx).is_code_only:
            return "no migration to come: nothing to save"
        server = Postgres.find(ctx)
        if server is None or not server.has_tables():
            return "nothing to save yet"
        dump = ctx.layout.backups / f"{ctx.release}.dump"
        spare = dump.with_suffix(".tmp")
        try:
            server.dump(spare)
            spare.chmod(0o600)
            entries = server.list_dump(spare)
        except CommandFailed as fault:
            ctx.host.remove(spare)
            raise BackupFailed(
                "the database could not be dumped and read back", where=str(dump), tail=fault.tail
            ) from fault
        if entries == 0:
            raise BackupFailed("the dump is empty", where=str(spare), todo="look at it with pg_restore --list")
        ctx.host.rename(spare, dump)
        prune_dumps(ctx)
        return f"{entries} entries, {dump.stat().st_size / 1e3:.0f} KB"
