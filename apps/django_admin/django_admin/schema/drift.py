"""Where code and tables disagree: migrations not applied, what is missing, and what is no longer as it was."""

from collections.abc import Sequence
from typing import Any

from django_admin.schema.migrating import unapplied
from django_admin.schema.problems import Problem
from django_admin.schema.statements import Asked, check_statement
from django_admin.schema.tables import live_tables, misfits, own_needs


def find_drift(asked: Asked) -> list[Problem]:
    """Return every disagreement, migrations first."""
    problems = [Problem("unapplied_migration", name, f"migration {name} is not applied") for name in unapplied()]
    tables = live_tables()
    for need in [*own_needs(), *asked.needs]:
        problems.extend(misfits(need, tables))
    for statement in asked.statements:
        problems.extend(check_statement(statement, tables))
    return problems


def report(asked: Asked, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return the whole outcome as one JSON-ready document."""
    return {
        "ok": not problems,
        "statements_checked": len(asked.statements),
        "unapplied_migrations": [problem.name for problem in problems if problem.kind == "unapplied_migration"],
        "problems": [vars(problem) for problem in problems],
    }
