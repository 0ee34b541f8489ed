import json

import pytest

from django_admin.errors import StatementsUnreadable
from django_admin.schema.drift import Statement, identifier_at, read_statements


def test_statements_are_read_with_what_else_the_document_says() -> None:
    entry = {"name": "one", "file": "a.sql", "text": "select 1", "line": 3, "more": True}
    assert read_statements("x", json.dumps({"statements": [entry]})) == [Statement("one", "a.sql", "select 1", 3)]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"statements": 1}', '{"statements": [{"name": "one"}]}', "null"])
def test_what_is_no_list_of_statements_is_refused_by_name(text: str) -> None:
    with pytest.raises(StatementsUnreadable, match=r"^list\.json is no list"):
        read_statements("list.json", text)


@pytest.mark.parametrize(
    ("text", "offset", "name"),
    [("select subtitle from item", 7, "subtitle"), ("select i.x, 1", 7, "i.x"), ('select "A b"', 7, '"A')],
)
def test_the_identifier_at_a_position_is_found(text: str, offset: int, name: str) -> None:
    assert identifier_at(text, offset) == name
