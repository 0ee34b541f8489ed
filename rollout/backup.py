"""A dump on request, proved by restoring it beside the live database and counting every table's rows in both."""

import hashlib
import re
from pathlib import Path
from typing import Any

from rollout.context import Context
from rollout.errors import BackupFailed, CommandFailed, DiskFull
from rollout.postgres import DATABASE, Postgres

PROOF = "slipway_proof"
SUFFIX = "-backup"
ROOM_MB = 200  # what has to stay free of either disk
LONGEST_S = 3600
_DROP = "drop database if exists {} with (force)"
_SIZE = f"select pg_database_size('{DATABASE}')"
_COUNTS = """
select format('%I.%I ', schemaname, relname) || (xpath('/row/rows/text()', query_to_xml(
  format('select count(*) as rows from %I.%I', schemaname, relname), true, true, '')))[1]::text
from pg_stat_user_tables order by 1;
"""
# Dump and counts see the same moment. https://www.postgresql.org/docs/17/app-pgdump.html (--snapshot)
_DUMP = rf"""
psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname {DATABASE} <<'SQL'
begin transaction isolation level repeatable read read only;
select pg_export_snapshot() as snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --lock-wait-timeout=30s --snapshot="$SNAPSHOT" --dbname {DATABASE}
\if :SHELL_ERROR
do $$ begin raise exception 'pg_dump failed'; end $$;
\endif
\o |cat 1>&2
{_COUNTS}
SQL
"""
_COUNTED = re.compile(r"^(?P<table>\S.*) (?P<rows>\d+)$", re.MULTILINE)


def take_backup(ctx: Context) -> dict[str, Any]:
    """Dump the database, restore the dump, compare, and keep it; returns file, bytes, sha256, tables, rows.

    Raises BackupFailed when there is nothing to save or the dump is not what was dumped, DiskFull when it can't fit.
    """
    server = Postgres.find(ctx)
    if server is None or not server.has_tables():
        raise BackupFailed("there is no database to save", todo="rollout status says what runs")
    require_room(ctx, server)
    dump = ctx.layout.backups / f"{ctx.host.now():%Y%m%d-%H%M%S}{SUFFIX}.dump"
    spare = dump.with_suffix(".tmp")
    try:
        rows = _dump(ctx, server, spare)
        ctx.say(f"dumped {len(rows)} tables, {spare.stat().st_size / 1e6:.1f} MB; restoring them to prove it")
        _compare(rows, _restored(ctx, server, spare))
        ctx.host.rename(spare, dump)
    except CommandFailed as fault:
        what = "the database could not be dumped and restored; no dump is kept"
        raise BackupFailed(what, where=fault.what, todo="read what Postgres said", tail=fault.tail) from fault
    finally:
        ctx.host.remove(spare)
        drop_database(ctx, server, PROOF)
    prune_dumps(ctx)
    facts = {"file": str(dump), "bytes": dump.stat().st_size, "sha256": _digest(dump)}
    return facts | {"tables": len(rows), "rows": sum(rows.values())}


def prune_dumps(ctx: Context) -> None:
    """Keep as many of the newest dumps as of releases: of those before migrations, and of those on request."""
    dumps = sorted(ctx.layout.backups.glob("*.dump"), reverse=True)
    asked = [dump for dump in dumps if dump.stem.endswith(SUFFIX)]
    before = [dump for dump in dumps if dump not in asked]
    keep = ctx.manifest().keep_releases
    for old in [*asked[keep:], *before[keep:], *ctx.layout.backups.glob("*.tmp")]:
        ctx.host.remove(old)


def require_room(ctx: Context, server: Postgres) -> None:
    """Raise DiskFull unless the database fits once more on either disk: so large is a dump at most, and a copy."""
    size_mb = int(server.psql("--tuples-only", "--no-align", "--command", _SIZE)) >> 20
    disks: dict[int, tuple[Path, int, int]] = {}
    for path in (ctx.layout.backups, ctx.layout.data):
        disk, free_mb = ctx.host.free_disk(path)
        needed_mb = disks[disk][2] if disk in disks else ROOM_MB
        disks[disk] = (path, free_mb, needed_mb + size_mb)
    for path, free_mb, needed_mb in disks.values():
        if free_mb < needed_mb:
            what = f"disk full: a backup of {size_mb} MB needs {needed_mb} MB, {free_mb} MB available"
            raise DiskFull(what, where=str(path), todo="docs/runbooks/disk-full.md, or a larger volume")


def _dump(ctx: Context, server: Postgres, target: Path) -> dict[str, int]:
    argv = server.argv("bash", "-o", "pipefail", "-ec", _DUMP)
    done = ctx.host.run(argv, timeout_s=LONGEST_S, stdout_to=target)
    target.chmod(0o600)
    return _counted(done.err)


def _restored(ctx: Context, server: Postgres, dump: Path) -> dict[str, int]:
    make_database(server, PROOF, "postgres")
    argv = server.argv("pg_restore", "--exit-on-error", "--dbname", PROOF, interactive=True)
    ctx.host.run(argv, timeout_s=LONGEST_S, stdin_from=dump)
    return count_rows(server, PROOF)


def make_database(server: Postgres, name: str, owner: str) -> None:
    """Make an empty database that nobody else may enter, in the place of one that an earlier run left."""
    create = f"create database {name} owner {owner} template template0 encoding 'UTF8'"
    private = f"revoke all on database {name} from public"
    server.psql("--command", _DROP.format(name), "--command", create, "--command", private)


def drop_database(ctx: Context, server: Postgres, name: str) -> None:
    """Remove a database if it is there and Postgres answers: the next run removes what is left."""
    ctx.host.run(server.argv("psql", "--no-psqlrc", "--command", _DROP.format(name)), check=False)


def count_rows(server: Postgres, database: str) -> dict[str, int]:
    """Return how many rows each table has."""
    counting = ("--tuples-only", "--no-align", "--command", _COUNTS)
    return _counted(server.psql(*counting, database=database, timeout_s=LONGEST_S))


def _counted(text: str) -> dict[str, int]:
    return {found["table"]: int(found["rows"]) for found in _COUNTED.finditer(text)}


def _compare(dumped: dict[str, int], restored: dict[str, int]) -> None:
    if not dumped:
        raise BackupFailed("the dump holds no table; none is kept", todo="look at the database with psql")
    wrong = sorted(table for table in dumped.keys() | restored.keys() if dumped.get(table) != restored.get(table))
    if wrong:
        told = [f"{table}: {dumped.get(table, 'no')} rows, restored {restored.get(table, 'none')}" for table in wrong]
        raise BackupFailed("the dump does not restore to what was dumped; it is not kept", where="; ".join(told))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
