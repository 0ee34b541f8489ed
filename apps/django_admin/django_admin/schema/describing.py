"""What a statement takes and gives on this schema, as Postgres itself tells it, without running it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

NAME = b"schema_check"
PLAN = "explain (generic_plan, verbose, format json) "
# A result column that is a table's column may be null as far as that column may; of any other nothing is known.
TYPES = """
    select format_type(d.type, d.modifier), not a.attnotnull
    from unnest(%s::oid[], %s::integer[], %s::oid[], %s::integer[])
        with ordinality as d (type, modifier, relation, number, place)
    left join pg_attribute a on a.attrelid = d.relation and a.attnum = d.number
    order by d.place
"""


@dataclass(frozen=True)
class Column:
    """A column of a result; `nullable` is None where it is computed."""

    name: str
    type: str
    nullable: bool | None = None


@dataclass(frozen=True)
class Contract:
    """The types of a statement's parameters, and the columns of its result."""

    parameters: tuple[str, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Insertion:
    """The values that a statement puts into a table's columns, in the order of the table, as text."""

    table: str
    values: tuple[str, ...]


def describe(text: str) -> Contract:
    """Prepare a statement and return its contract; raise psycopg's error if the schema lacks what it names."""
    connection.ensure_connection()
    server = cast("psycopg.Connection[Any]", connection.connection).pgconn
    checked(server.prepare(NAME, text.encode()))
    described = checked(server.describe_prepared(NAME))
    checked(server.exec_(b"deallocate schema_check"))
    columns = range(described.nfields)
    rows = [(described.param_type(place), -1, 0, 0) for place in range(described.nparams)]
    rows += [(described.ftype(n), described.fmod(n), described.ftable(n), described.ftablecol(n)) for n in columns]
    with connection.cursor() as cursor:
        cursor.execute(TYPES, [[row[part] for row in rows] for part in range(4)])
        types = cursor.fetchall()
    found = types[described.nparams :]
    names = [(described.fname(place) or b"").decode() for place in columns]
    return Contract(
        tuple(name for name, _ in types[: described.nparams]),
        tuple(Column(name, kind, nullable) for name, (kind, nullable) in zip(names, found, strict=True)),
    )


def checked(result: PGresult) -> PGresult:
    """Return a result, or raise the error that it is."""
    if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        raise error_from_result(result)
    return result


def plan(text: str) -> list[Insertion]:
    """Plan a statement with the rights of the role that will run it, which is when they are asked for."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {connection.ops.quote_name(settings.API_DATABASE_ROLE)}")
        cursor.execute(PLAN + text)
        (explained,) = cursor.fetchone()
    return list(insertions(explained[0]["Plan"]))


def insertions(node: dict[str, Any]) -> Iterator[Insertion]:
    """Find the inserts in a plan: the rows come from the node below, whole, with NULL for what gets no value."""
    children = node.get("Plans", [])
    if node.get("Operation") == "Insert":
        rows = next(child for child in children if child["Parent Relationship"] == "Outer")
        yield Insertion(node["Relation Name"], tuple(rows["Output"]))
    for child in children:
        yield from insertions(child)
