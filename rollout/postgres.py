"""Reach the database through its own container; no password leaves it."""

from pathlib import Path

from rollout.context import Context
from rollout.docker import Container
from rollout.errors import CommandFailed, NotWellInTime

DATABASE = "slipway"
COPY = "slipway_rehearsal"
OWNER = "slipway_owner"
_CANNOT_CONNECT = 2  # psql's exit code
_DATABASES = "select datname from pg_database"
_TABLES = "select count(*) from pg_stat_user_tables"
_DROP = f"drop database if exists {COPY} with (force)"
_CREATE = f"create database {COPY} owner {OWNER} template template0 encoding 'UTF8'"
# pg_dump doesn't tell who owns an extension, and only an owner may change one.
_EXTENSIONS = """
select format('set role %I; create extension %I schema %I; reset role;', pg_get_userbyid(extowner), extname, nspname)
from pg_extension join pg_namespace n on n.oid = extnamespace where extname <> 'plpgsql'
"""
# The record is copied without its keys: the copy's own counter gives new ones.
_RECORD = "(select app, name, applied from django_migrations order by id)"
_FROM = f"psql -XqAt -v ON_ERROR_STOP=1 -d {DATABASE} -c"
_INTO = f"psql -Xq -v ON_ERROR_STOP=1 -d {COPY}"
_FILL = f"""
{_FROM} "{_EXTENSIONS}" | {_INTO}
pg_dump --schema-only --lock-wait-timeout=30s {DATABASE} | {_INTO}
{_FROM} "copy {_RECORD} to stdout" | {_INTO} -c "copy django_migrations (app, name, applied) from stdin"
"""


class Postgres:
    """The running Postgres of the data project."""

    def __init__(self, ctx: Context, container: Container) -> None:
        self.ctx, self.container = ctx, container

    @classmethod
    def find(cls, ctx: Context) -> "Postgres | None":
        """Return the database server, if one runs."""
        running = [
            c
            for c in ctx.docker.containers(ctx.layout.project("data"))
            if c.service == "postgres" and c.state == "running"
        ]
        return cls(ctx, running[0]) if running else None

    def argv(self, *words: str, interactive: bool = False) -> list[str]:
        """Build a command that runs as the superuser over the local socket."""
        return [
            "docker",
            "exec",
            *(["--interactive"] if interactive else []),
            "--user",
            "postgres",
            self.container.id,
            *words,
        ]

    def psql(self, *words: str, database: str = "postgres", timeout_s: float = 60) -> str:
        """Run psql, trying again while the server can't be reached yet; raises CommandFailed."""
        argv = self.argv("psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database, *words)
        outcome: list[str] = []

        def runs() -> bool:
            done = self.ctx.host.run(argv, timeout_s=timeout_s, check=False)
            if done.code not in {0, _CANNOT_CONNECT}:
                raise CommandFailed(argv, done.code, done.err)
            outcome.append(done.out if done.code == 0 else done.err)
            return done.code == 0

        try:
            self.ctx.host.await_true(runs, 20, "the server can't be reached")
        except NotWellInTime as late:
            raise CommandFailed(argv, _CANNOT_CONNECT, outcome[-1]) from late
        return outcome[-1]

    def has_tables(self) -> bool:
        """Say whether there is anything to save."""
        databases = self.psql("--tuples-only", "--no-align", "--command", _DATABASES).split()
        if DATABASE not in databases:
            return False
        return self.psql("--tuples-only", "--no-align", "--command", _TABLES, database=DATABASE).strip() != "0"

    def dump(self, target: Path) -> None:
        """Write the database in pg_restore's own format."""
        self.ctx.host.run(
            self.argv("pg_dump", "--format=custom", "--dbname", DATABASE), timeout_s=1800, stdout_to=target
        )

    def list_dump(self, dump: Path) -> int:
        """Read a dump back; returns how many entries it has."""
        shown = self.ctx.host.run(self.argv("pg_restore", "--list", interactive=True), timeout_s=600, stdin_from=dump)
        return sum(1 for line in shown.out.splitlines() if line and not line.startswith(";"))

    def make_copy(self) -> None:
        """Make a database with the schema, the owners and rights and the record of migrations, but no rows of ours."""
        private = f"revoke all on database {COPY} from public"
        self.psql("--command", _DROP, "--command", _CREATE, "--command", private)
        self.ctx.host.run(self.argv("bash", "-o", "pipefail", "-ec", _FILL), timeout_s=300)

    def drop_copy(self) -> None:
        """Remove it, also what an earlier run left."""
        self.psql("--command", _DROP)
