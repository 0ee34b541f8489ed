"""Put a dump in the place of the live database: restored, migrated and checked beside it, then swapped in one move."""

from pathlib import Path
from typing import Any

from rollout.backup import LONGEST_S, count_rows, drop_database, make_database, require_room
from rollout.checking import MIGRATION_FAILED, ask, could_not_check, drift
from rollout.context import Context
from rollout.errors import CommandFailed, NotAnswering, RestoreFailed, UsageFault
from rollout.postgres import DATABASE, OWNER, Postgres
from rollout.steps.data import ROLES
from rollout.steps.switch import prove

RESTORED, BEFORE = "slipway_restored", "slipway_before"
UNTOUCHED = "the live database is untouched"
_THERE = "select datname from pg_database"
_ENTITLED = """
select quote_ident(rolname) from pg_database, aclexplode(datacl) join pg_roles on pg_roles.oid = grantee
where datname = 'slipway' and privilege_type = 'CONNECT'
"""
_IN_USE = "is being accessed by other users"
_END = "select pg_terminate_backend(pid) from pg_stat_activity where datname like 'slipway%'"
_TRIES = 10


def restore(ctx: Context, dump: Path) -> dict[str, Any]:
    """Restore a dump beside the live database and let it take its place; the live one stays, put aside.

    Raises UsageFault when an earlier restore was neither undone nor forgotten, RestoreFailed or SchemaDrift before
    anything was touched, NotAnswering after the live database took its place again; RestoreFailed too if it could not.
    """
    server = _server(ctx)
    if BEFORE in _databases(server):
        raise UsageFault(f"{BEFORE} is still there, of an earlier restore", todo="undo that one, or forget it")
    require_room(ctx, server)
    try:
        make_database(server, RESTORED, OWNER)
        argv = server.argv("pg_restore", "--exit-on-error", "--dbname", RESTORED, interactive=True)
        ctx.host.run(argv, timeout_s=LONGEST_S, stdin_from=dump)
        rows = count_rows(server, RESTORED)
        ctx.say(f"restored {len(rows)} tables, {sum(rows.values())} rows beside the live database")
        _take_place(ctx, server, RESTORED, BEFORE)
    except CommandFailed as fault:
        drop_database(ctx, server, RESTORED)
        what = f"the dump could not be restored; {UNTOUCHED}"
        raise RestoreFailed(what, where=str(dump), todo="read what Postgres said", tail=fault.tail) from fault
    except Exception:
        drop_database(ctx, server, RESTORED)
        raise
    return {"release": ctx.release, "from": str(dump), "tables": len(rows), "rows": sum(rows.values()), "aside": BEFORE}


def undo_restore(ctx: Context) -> dict[str, Any]:
    """Let what was put aside take its place again; what was written since the restore goes aside."""
    server = _server(ctx)
    if BEFORE not in _databases(server):
        raise UsageFault("there is no restore to undo", where=f"database {BEFORE}", todo="name a dump to restore")
    drop_database(ctx, server, RESTORED)
    _take_place(ctx, server, BEFORE, RESTORED)
    return {"release": ctx.release, "from": BEFORE, "aside": RESTORED}


def forget_restore(ctx: Context) -> dict[str, Any]:
    """Remove what restores have put aside; returns what that was."""
    server = _server(ctx)
    gone = sorted({BEFORE, RESTORED} & _databases(server))
    for name in gone:
        drop_database(ctx, server, name)
    return {"release": ctx.release, "removed": gone}


def _take_place(ctx: Context, server: Postgres, coming: str, aside: str) -> None:
    _require_fit(ctx, coming)
    # Who may enter the live one may enter this one from the first moment on; roles.sql says the rest.
    entitled = server.psql("--tuples-only", "--no-align", "--command", _ENTITLED).splitlines()
    server.psql(*(word for role in entitled for word in ("--command", f"grant connect on database {coming} to {role}")))
    _swap(server, coming, aside)
    try:
        server.psql("--file", ROLES)
        prove(ctx, ctx.release)
    except (CommandFailed, NotAnswering):
        _swap(server, aside, coming, f"what came serves, and what was live is {aside}", "read what Postgres said")
        ctx.say("the live database has its place again")
        raise
    ctx.say(f"the site serves from it; what was live is database {aside}")


def _require_fit(ctx: Context, database: str) -> None:
    """Have the serving release's Django migrate it where it is older, and check every statement on it."""
    limit_s = ctx.manifest().limits.migrate_timeout_s
    try:
        answer = ask(ctx, ctx.release, [ctx.release], "--migrate", database=database, timeout_s=limit_s)
    except CommandFailed as fault:
        if fault.code != MIGRATION_FAILED:
            raise could_not_check(fault) from fault
        what = f"the serving release's migrations fail on it; {UNTOUCHED}"
        raise RestoreFailed(
            what, where=database, todo="deploy the release of its time first", tail=fault.tail
        ) from fault
    if answer.problems:
        what = f"the serving release does not fit what the dump holds; {UNTOUCHED}"
        raise drift(ctx, answer.problems, what, "go back to a release of the dump's time first (slipway releases)")
    ctx.say(f"{answer.statements} statements of the serving release fit")


def _swap(server: Postgres, coming: str, aside: str, otherwise: str = UNTOUCHED, todo: str = "try again") -> None:
    """Rename both in one transaction. Who connects meanwhile waits for it, and finds the new one at the next try.

    Raises RestoreFailed, which says how it is `otherwise`.
    """
    renames = f"alter database {DATABASE} rename to {aside}; alter database {coming} rename to {DATABASE}"
    for tried in range(1, _TRIES + 1):
        try:
            server.psql("--command", f"{_END}; {renames}")
        except CommandFailed as fault:
            if _IN_USE not in fault.output or tried == _TRIES:
                what = f"the databases could not change places; {otherwise}"
                raise RestoreFailed(what, where=DATABASE, todo=todo, tail=fault.tail) from fault
        else:
            return


def _server(ctx: Context) -> Postgres:
    server = Postgres.find(ctx)
    if server is None:
        raise RestoreFailed("Postgres does not run", todo="rollout status says what runs; deploy again")
    return server


def _databases(server: Postgres) -> set[str]:
    return set(server.psql("--tuples-only", "--no-align", "--command", _THERE).split())
