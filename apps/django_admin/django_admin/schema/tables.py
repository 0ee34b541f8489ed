"""What models need of tables, compared with the tables as they are; a release leaves its list to the one after it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from django_admin.schema.problems import Problem

# Types of this category have nothing in common but that they are in no other.
USER_DEFINED = "U"
LIVE = """
    select
        c.relname::text, a.attname::text, a.attnum, format_type(a.atttypid, a.atttypmod), t.typcategory::text,
        a.attnotnull and a.attgenerated = '', a.atthasdef or a.attidentity <> ''
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_type t on t.oid = a.atttypid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any (current_schemas(false)) and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and a.attnum > 0 and not a.attisdropped
    order by 1, 3
"""


@dataclass(frozen=True)
class LiveColumn:
    """A column of a table as it is."""

    number: int
    type: str
    category: str
    is_required: bool
    is_filled_in: bool

    @property
    def must_be_given(self) -> bool:
        """A row without a value for it is refused."""
        return self.is_required and not self.is_filled_in


Tables = Mapping[str, Mapping[str, LiveColumn]]


@dataclass(frozen=True)
class Need:
    """A model's table and columns; with the type and its category of each, if they are known."""

    model: str
    table: str
    columns: Mapping[str, tuple[str, str] | None]
    of: str = ""


def live_tables() -> Tables:
    """Read every table of the search path."""
    tables: dict[str, dict[str, LiveColumn]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LIVE)
        for table, column, *facts in cursor.fetchall():
            tables.setdefault(table, {})[column] = LiveColumn(*facts)
    return tables


def own_needs() -> list[Need]:
    """Return what the models of this code need."""
    models = (model._meta for model in apps.get_models(include_auto_created=True))
    return [
        Need(facts.label, facts.db_table, {str(field.column): None for field in facts.local_concrete_fields})
        for facts in models
        if facts.managed and not facts.proxy
    ]


def record(needs: Iterable[Need], tables: Tables) -> list[dict[str, Any]]:
    """Return needs, JSON-ready, with the types that the columns have now."""
    return [
        asdict(need) | {"columns": {name: known(tables, need.table, name) for name in need.columns}} for need in needs
    ]


def known(tables: Tables, table: str, column: str) -> tuple[str, str] | None:
    """Return a column's type and category, if it is there."""
    found = tables.get(table, {}).get(column)
    return (found.type, found.category) if found else None


def misfits(need: Need, tables: Tables) -> Iterator[Problem]:
    """Compare one model's table and columns with those that exist."""
    whose = f"of model {need.model}"
    found = tables.get(need.table)
    if found is None:
        yield Problem("missing_table", need.table, f"table {need.table} {whose} does not exist", of=need.of)
        return
    for column, expected in need.columns.items():
        name, live = f"{need.table}.{column}", found.get(column)
        if live is None:
            yield Problem("missing_column", name, f"column {name} {whose} does not exist", of=need.of, column=column)
        elif expected and not is_alike(live, *expected):
            message = f"column {name} is {live.type}, model {need.model} expects {expected[0]}"
            yield Problem("changed_type", name, message, "", "", 0, need.of, column, expected[0], live.type)
    for column, live in found.items():
        if live.must_be_given and column not in need.columns:
            name = f"{need.table}.{column}"
            message = f"column {name} must be given a value, and model {need.model} does not know it"
            yield Problem("missing_value", name, message, of=need.of, column=column)


def is_alike(live: LiveColumn, kind: str, category: str) -> bool:
    """Tell whether a column holds what it held: Django reads and writes each type of a category in the same way."""
    return live.category == category and (category != USER_DEFINED or live.type == kind)
