"""The SQL statements of another program, as its list tells them, each checked on the live schema."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError

from django_admin.errors import StatementsUnreadable
from django_admin.schema.describing import PLAN, Column, Contract, describe, plan
from django_admin.schema.problems import Problem
from django_admin.schema.tables import Need, Tables

UNDEFINED_COLUMN, UNDEFINED_TABLE, INSUFFICIENT_PRIVILEGE = "42703", "42P01", "42501"
KINDS = {
    UNDEFINED_COLUMN: "missing_column",
    UNDEFINED_TABLE: "missing_table",
    INSUFFICIENT_PRIVILEGE: "missing_right",
}
NO_VALUE = "NULL::"


@dataclass(frozen=True)
class Statement:
    """One statement, where it stands, which release has it, and what it took and gave when that was recorded."""

    name: str
    file: str
    text: str
    line: int = 1
    of: str = ""
    contract: Contract | None = None


@dataclass(frozen=True)
class Asked:
    """What is to be checked besides this code's own models."""

    statements: list[Statement] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(self.statements + other.statements, self.needs + other.needs)


def read_asked(source: str, text: str) -> Asked:
    """Read a JSON document with a list `statements`, and maybe `models`; raise `StatementsUnreadable` if it is none."""
    try:
        document = json.loads(text)
        return Asked(
            [read_statement(entry) for entry in document["statements"]],
            [Need(**entry) for entry in document.get("models", [])],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StatementsUnreadable(source, f"{type(error).__name__}: {error}") from error


def read_statement(entry: dict[str, Any]) -> Statement:
    """Read one statement; the lists of older programs have no contract."""
    contract = None
    if "columns" in entry:
        columns = tuple(Column(**column) for column in entry["columns"])
        contract = Contract(tuple(map(str, entry["parameters"])), columns)
    place = int(entry.get("line", 1))
    return Statement(
        str(entry["name"]), str(entry["file"]), str(entry["text"]), place, str(entry.get("of", "")), contract
    )


def check_statement(statement: Statement, tables: Tables) -> Iterator[Problem]:
    """Prepare, describe and plan one statement; nothing is executed."""
    try:
        found = describe(statement.text)
        written = plan(statement.text)
    except (psycopg.Error, DatabaseError) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        if not isinstance(cause, psycopg.Error) or cause.sqlstate is None:
            raise
        yield refused(statement, cause, 0 if error is cause else len(PLAN))
        return
    if statement.contract:
        yield from changes(statement, statement.contract, found)
    for insertion in written:
        for column, live in tables.get(insertion.table, {}).items():
            if live.is_required and insertion.values[live.number - 1].startswith(NO_VALUE):
                name = f"{insertion.table}.{column}"
                message = f"column {name} must be given a value, and the statement gives it none"
                yield problem(statement, "missing_value", name, message, column)


def changes(statement: Statement, expected: Contract, found: Contract) -> Iterator[Problem]:
    """Tell where a statement takes or gives something else than when its program was made."""
    if expected.parameters != found.parameters:
        for place, (before, now) in enumerate(zip(expected.parameters, found.parameters, strict=False), 1):
            if before != now:
                message = f"parameter ${place} is {now}, the API gives {before}"
                yield problem(statement, "changed_parameter", f"${place}", message, f"${place}", before, now)
    names = [", ".join(column.name for column in contract.columns) for contract in (expected, found)]
    if names[0] != names[1]:
        message = f"the columns are {names[1] or 'none'}, the API expects {names[0] or 'none'}"
        yield problem(statement, "changed_columns", statement.name, message, "", *names)
        return
    for before_column, now_column in zip(expected.columns, found.columns, strict=True):
        yield from column_changes(statement, before_column, now_column)


def column_changes(statement: Statement, expected: Column, found: Column) -> Iterator[Problem]:
    """Compare one column of a result.

    Types must be the same to the letter: a connection that has prepared the statement refuses it once even a length
    has changed, and inside a transaction asyncpg can't prepare it again.
    """
    name = expected.name
    if found.type != expected.type:
        message = f"column {name} is {found.type}, the API expects {expected.type}"
        yield problem(statement, "changed_type", name, message, name, expected.type, found.type)
    if expected.nullable is False and found.nullable:
        message = f"column {name} may be null, the API expects that it never is"
        yield problem(statement, "changed_nullability", name, message, name, "not null", "null")


def problem(
    statement: Statement, kind: str, name: str, message: str, column: str, expected: str = "", found: str = ""
) -> Problem:
    """Make a problem of a statement, on the line that names the column."""
    mention = re.search(rf"(?<![\w$]){re.escape(column.split('.')[-1])}(?!\w)", statement.text) if column else None
    line = statement.line + statement.text.count("\n", 0, mention.start() if mention else 0)
    return Problem(kind, name, message, statement.file, statement.name, line, statement.of, column, expected, found)


def refused(statement: Statement, error: psycopg.Error, before: int = 0) -> Problem:
    """Tell which statement failed, in which line of which file, and what it misses; `before` it stood other text."""
    diagnosis = error.diag
    message = diagnosis.message_primary or str(error)
    name, line = "", statement.line
    if diagnosis.statement_position:
        offset = max(int(diagnosis.statement_position) - 1 - before, 0)
        name = identifier_at(statement.text, offset)
        line += statement.text.count("\n", 0, offset)
    kind = KINDS.get(error.sqlstate or "", "invalid_statement")
    column = name.split(".")[-1] if kind == "missing_column" else ""
    return Problem(kind, name or message, message, statement.file, statement.name, line, statement.of, column)


def identifier_at(text: str, offset: int) -> str:
    """Return the (qualified) identifier that starts at `offset`."""
    end = offset
    while end < len(text) and (text[end].isalnum() or text[end] in '_."$'):
        end += 1
    return text[offset:end]
