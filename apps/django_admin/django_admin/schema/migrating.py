"""Migrating for a release: one process at a time, never waiting long for a lock that a serving release holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from django_admin.errors import MigrationLocked, MigrationRoleWrong

LOCK_KEY = 0x51_1B_3A_7E  # any number, the same in every release


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


def migrate() -> list[str]:
    """Apply what is not applied and return the names, in order.

    Raises `MigrationRoleWrong`, `MigrationLocked`, or the database's own error; then the migration that
    failed has left nothing behind and those before it stay.
    """
    if settings.DATABASE_ROLE != "owner":
        raise MigrationRoleWrong(settings.DATABASE_ROLE)
    with the_only_one():
        set_time_limits()
        wanted = unapplied()
        call_command("migrate", interactive=False, verbosity=1)
    return wanted
