"""The SQL that our migrations run, told without a database: for linters and for people who review a release."""

from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from psycopg.sql import Literal

OURS = "django_admin."
PG_VERSION = 170_000


@dataclass(frozen=True)
class MigrationSql:
    """One migration as SQL, and the rules of the linter that it breaks on purpose (`squawk_ignore` in its class)."""

    name: str
    sql: str
    ignored: list[str]


def all_sql() -> list[MigrationSql]:
    """Return every migration of ours, in the order of their names."""
    loader = MigrationLoader(None)
    keys = sorted(key for key in loader.graph.nodes if apps.get_app_config(key[0]).name.startswith(OURS))
    return [sql_of(loader, *key) for key in keys]


def sql_of(loader: MigrationLoader, app: str, name: str) -> MigrationSql:
    """Return one migration as a release runs it: with its time limits, in a transaction unless it says otherwise."""
    migration = loader.graph.nodes[app, name]
    lines = statements_of(migration, loader)
    if migration.atomic:
        lines = ["begin;", *lines, "commit;"]
    limits = [
        f"set lock_timeout = '{settings.MIGRATION_LOCK_TIMEOUT_S}s';",
        f"set statement_timeout = '{settings.MIGRATION_STATEMENT_TIMEOUT_S}s';",
    ]
    ignored = list(getattr(migration, "squawk_ignore", ()))
    return MigrationSql(f"{app}.{name}", "\n".join([*limits, *lines, ""]), ignored)


def statements_of(migration: Migration, loader: MigrationLoader) -> list[str]:
    """Collect the statements; not by entering the editor, which would open a transaction on a database."""
    wrapper = cast(DatabaseWrapper, connection)
    wrapper.__dict__["pg_version"] = PG_VERSION  # what Django would ask the server for
    editor = Collector(wrapper, collect_sql=True, atomic=migration.atomic)
    editor.deferred_sql = []
    migration.apply(loader.project_state((migration.app_label, migration.name), at_end=False), editor, collect_sql=True)
    for statement in editor.deferred_sql:
        editor.execute(statement)
    return list(map(str, editor.collected_sql))


class Collector(DatabaseSchemaEditor):
    """Collects SQL as Django's own editor does, which asks a connection to put parameters into it."""

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Keep a statement."""
        text = str(sql) % tuple(Literal(value).as_string() for value in params) if params else str(sql)
        self.collected_sql.append(f"{text.rstrip().removesuffix(';')};")
