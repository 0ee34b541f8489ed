"""Migrating for a release: one process at a time, never waiting long for a lock that a serving release holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from django_admin.errors import MigrationBlocked, MigrationLocked, MigrationRoleWrong
from django_admin.schema.blocking import watching

LOCK_KEY = 0x51_1B_3A_7E  # any number, the same in every release
LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def the_only_one() -> Iterator[None]:
    """Hold the migration lock; it goes with the connection, so a killed process leaves none behind.

    Raises `MigrationLocked` at once when another process has it.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK_KEY])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        raise MigrationLocked
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [LOCK_KEY])


def set_time_limits() -> None:
    """Bound each statement: one that waits for a lock makes every later reader of that table wait behind it."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', %s, false)", [f"{settings.MIGRATION_LOCK_TIMEOUT_S}s"])
        cursor.execute(
            "select set_config('statement_timeout', %s, false)", [f"{settings.MIGRATION_STATEMENT_TIMEOUT_S}s"]
        )


def unapplied() -> list[str]:
    """Name the migrations that this code has and the database has not, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def applied() -> set[str]:
    """Name the migrations that the database has."""
    return {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}


def migrate(tell: Callable[[str], object]) -> list[str]:
    """Apply what is not applied and return the names, in order; `tell` hears of locks that are waited for.

    Raises `MigrationRoleWrong`, `MigrationLocked`, `MigrationBlocked`, or the database's own error; then the
    migration that failed has left nothing behind and those before it stay.
    """
    if settings.DATABASE_ROLE != "owner":
        raise MigrationRoleWrong(settings.DATABASE_ROLE)
    with the_only_one():
        set_time_limits()
        wanted = unapplied()
        apply_patiently(tell)
    return wanted


def apply_patiently(tell: Callable[[str], object]) -> None:
    """Migrate; where a lock is not to be had, let the others through and try again after growing pauses."""
    holders: list[str] = []
    for number in range(1, settings.MIGRATION_TRIES + 1):
        try:
            # Who holds a lock is only seen while it is waited for; the first try needs no second connection yet.
            with watching(holders) if number > 1 else nullcontext():
                call_command("migrate", interactive=False, verbosity=1)
        except OperationalError as error:
            if sqlstate(error) != LOCK_NOT_AVAILABLE or not may_be_repeated():
                raise
            name = unapplied()[0]
            if number == settings.MIGRATION_TRIES:
                raise MigrationBlocked(name, number, holders) from error
            pause_s = 2 ** (number - 1)
            # Django's own line is not ended yet: it has told the migration's name.
            tell(f" no lock within {settings.MIGRATION_LOCK_TIMEOUT_S} s; try {number + 1} in {pause_s} s")
            Event().wait(pause_s)
        else:
            return


def may_be_repeated() -> bool:
    """Tell whether the migration that failed left nothing: one without a transaction may have."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return bool(plan) and plan[0][0].atomic


def sqlstate(error: OperationalError) -> str | None:
    """Return Postgres's own code of an error."""
    return getattr(error.__cause__, "sqlstate", None)
