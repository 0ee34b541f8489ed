"""Where code and tables disagree: migrations not applied, tables, columns or rights missing, statements that fail."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from django_admin.errors import StatementsUnreadable
from django_admin.schema.migrating import unapplied

UNDEFINED_COLUMN, UNDEFINED_TABLE, INSUFFICIENT_PRIVILEGE = "42703", "42P01", "42501"
KINDS = {
    UNDEFINED_COLUMN: "missing_column",
    UNDEFINED_TABLE: "missing_table",
    INSUFFICIENT_PRIVILEGE: "missing_right",
}
PREPARE = "prepare schema_check as "
PLAN = "explain (generic_plan) "


@dataclass(frozen=True)
class Statement:
    """One SQL statement of another program, and where it stands."""

    name: str
    file: str
    text: str
    line: int = 1


@dataclass(frozen=True)
class Problem:
    """One disagreement; `name` is the missing thing, as far as it has a name."""

    kind: str
    name: str
    message: str
    file: str = ""
    statement: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line} {self.statement}: " if self.file else ""
        return f"{place}{self.message}"


def read_statements(source: str, text: str) -> list[Statement]:
    """Read a JSON document with a list `statements`; raise `StatementsUnreadable` if `text` is none."""
    try:
        entries = json.loads(text)["statements"]
        return [
            Statement(str(entry["name"]), str(entry["file"]), str(entry["text"]), int(entry.get("line", 1)))
            for entry in entries
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StatementsUnreadable(source, f"{type(error).__name__}: {error}") from error


def find_drift(statements: Iterable[Statement]) -> list[Problem]:
    """Return every disagreement, migrations first."""
    problems = [Problem("unapplied_migration", name, f"migration {name} is not applied") for name in unapplied()]
    problems.extend(missing_columns())
    for statement in statements:
        problem = check_statement(statement)
        if problem:
            problems.append(problem)
    return problems


def missing_columns() -> Iterator[Problem]:
    """Compare the tables and columns that the models use with those that exist."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if not model._meta.managed:
                continue
            if table not in tables:
                yield Problem("missing_table", table, f"table {table} of model {model._meta.label} does not exist")
                continue
            found = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for field in model._meta.local_concrete_fields:
                if field.column not in found:
                    name = f"{table}.{field.column}"
                    yield Problem("missing_column", name, f"column {name} of model {model._meta.label} does not exist")


def check_statement(statement: Statement) -> Problem | None:
    """Prepare one statement on the live schema, and plan it with the rights of the role that will run it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PREPARE + statement.text)
            cursor.execute("deallocate schema_check")
            # Preparing asks for no rights; planning does.
            cursor.execute(f"set local role {connection.ops.quote_name(settings.API_DATABASE_ROLE)}")
            cursor.execute(PLAN + statement.text)
    except DatabaseError as error:
        if not isinstance(error.__cause__, psycopg.Error) or error.__cause__.sqlstate is None:
            raise
        return describe(statement, error.__cause__)
    return None


def describe(statement: Statement, error: psycopg.Error) -> Problem:
    """Tell which statement failed, in which line of which file, and what it misses."""
    diagnosis = error.diag
    message = diagnosis.message_primary or str(error)
    name, line = "", statement.line
    if diagnosis.statement_position:
        offset = max(int(diagnosis.statement_position) - 1 - len(PREPARE), 0)
        name = identifier_at(statement.text, offset)
        line += statement.text.count("\n", 0, offset)
    kind = KINDS.get(error.sqlstate or "", "invalid_statement")
    return Problem(kind, name or message, message, statement.file, statement.name, line)


def identifier_at(text: str, offset: int) -> str:
    """Return the (qualified) identifier that starts at `offset`."""
    end = offset
    while end < len(text) and (text[end].isalnum() or text[end] in '_."$'):
        end += 1
    return text[offset:end]


def report(statements: Sequence[Statement], problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the whole outcome as one JSON-ready document."""
    return {
        "ok": not problems,
        "statements_checked": len(statements),
        "unapplied_migrations": [problem.name for problem in problems if problem.kind == "unapplied_migration"],
        "problems": [vars(problem) for problem in problems],
    }
