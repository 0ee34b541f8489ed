import json

import pytest

from django_admin.errors import StatementsUnreadable
from django_admin.schema.blocking import describe_holder, without_values
from django_admin.schema.describing import Column, Contract, insertions
from django_admin.schema.statements import Statement, changes, identifier_at, read_asked
from django_admin.schema.tables import LiveColumn, Need, misfits


def test_statements_are_read_with_what_else_the_document_says() -> None:
    entry = {"name": "one", "file": "a.sql", "text": "select 1", "line": 3, "more": True}
    assert read_asked("x", json.dumps({"statements": [entry]})).statements == [Statement("one", "a.sql", "select 1", 3)]


def test_a_contract_comes_with_its_statement() -> None:
    column = {"name": "id", "type": "uuid", "nullable": False}
    known = {"name": "one", "file": "a.sql", "text": "select id from t", "of": "r1"}
    entry = {**known, "parameters": [], "columns": [column]}
    (read,) = read_asked("x", json.dumps({"statements": [entry]})).statements
    assert (read.of, read.contract) == ("r1", Contract((), (Column("id", "uuid", False),)))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"statements": 1}', '{"statements": [{"name": "one"}]}', "null"])
def test_what_is_no_list_of_statements_is_refused_by_name(text: str) -> None:
    with pytest.raises(StatementsUnreadable, match=r"^list\.json is no list"):
        read_asked("list.json", text)


@pytest.mark.parametrize(
    ("text", "offset", "name"),
    [("select subtitle from item", 7, "subtitle"), ("select i.x, 1", 7, "i.x"), ('select "A b"', 7, '"A')],
)
def test_the_identifier_at_a_position_is_found(text: str, offset: int, name: str) -> None:
    assert identifier_at(text, offset) == name


TEXT = "select id,\n  title\nfrom item where id = $1"
BEFORE = Contract(("uuid",), (Column("id", "uuid", False), Column("title", "text", False)))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (BEFORE, []),
        (
            Contract(("uuid",), (Column("id", "uuid", False), Column("title", "bigint", False))),
            ["changed_type api/sql/a.sql:12 page: column title is bigint, the API expects text"],
        ),
        (
            Contract(("uuid",), (Column("id", "uuid", False), Column("title", "text", True))),
            ["changed_nullability api/sql/a.sql:12 page: column title may be null, the API expects that it never is"],
        ),
        (
            Contract(("bigint",), BEFORE.columns),
            ["changed_parameter api/sql/a.sql:13 page: parameter $1 is bigint, the API gives uuid"],
        ),
        (
            Contract(("uuid",), BEFORE.columns[:1]),
            ["changed_columns api/sql/a.sql:11 page: the columns are id, the API expects id, title"],
        ),
    ],
)
def test_what_changed_is_told_with_its_line(now: Contract, told: list[str]) -> None:
    statement = Statement("page", "api/sql/a.sql", TEXT, 11, "r1", BEFORE)
    found = list(changes(statement, BEFORE, now))
    assert [f"{problem.kind} {problem}" for problem in found] == told
    assert {problem.of for problem in found} <= {"r1"}


def test_a_column_that_may_now_be_empty_no_longer_is_no_change_for_its_readers() -> None:
    was = Contract((), (Column("bio", "text", True),))
    statement = Statement("one", "a.sql", "select bio from profile")
    assert list(changes(statement, was, Contract((), (Column("bio", "text", False),)))) == []


def live(kind: str, category: str, *, is_required: bool = False) -> LiveColumn:
    return LiveColumn(1, kind, category, is_required, is_filled_in=False)


@pytest.mark.parametrize(
    ("columns", "kinds"),
    [
        ({"id": live("bigint", "N"), "title": live("character varying(300)", "S")}, []),
        ({"id": live("uuid", "U"), "title": live("text", "S")}, ["changed_type"]),
        ({"id": live("integer", "N")}, ["missing_column"]),
        (
            {"id": live("integer", "N"), "title": live("text", "S"), "colour": live("text", "S", is_required=True)},
            ["missing_value"],
        ),
        (None, ["missing_table"]),
    ],
)
def test_another_releases_models_are_held_against_the_tables(
    columns: dict[str, LiveColumn] | None, kinds: list[str]
) -> None:
    need = Need("items.Item", "item", {"id": ("integer", "N"), "title": ("text", "S")}, "r1")
    found = list(misfits(need, {"item": columns} if columns is not None else {}))
    assert [problem.kind for problem in found] == kinds
    assert {problem.of for problem in found} <= {"r1"}


def test_an_insert_is_found_within_a_plan() -> None:
    rows = {"Node Type": "Result", "Parent Relationship": "Outer", "Output": ["$1", "NULL::text"]}
    insert = {"Operation": "Insert", "Relation Name": "item", "Parent Relationship": "InitPlan", "Plans": [rows]}
    (found,) = insertions({"Node Type": "CTE Scan", "Plans": [insert]})
    assert (found.table, found.values) == ("item", ("$1", "NULL::text"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("select id\n from item where owner_id = $1 limit 20", "select id from item where owner_id = $1 limit …"),
        ("update account set password = 'argon2$x' where id = 5", "update account set password = …"),
        ("select $secret$words$secret$", "select …"),
        ("select 1 -- for ines@example.org", "select … …"),
    ],
)
def test_a_blocking_query_is_told_without_anybodys_data(query: str, shown: str) -> None:
    assert without_values(query) == shown
    told = describe_holder("slipway_api", "slipway-api r1", "active", query)
    assert told == f"slipway-api r1 as slipway_api (active): {shown}"
