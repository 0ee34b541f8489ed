import json
from pathlib import Path

import pytest

from api.contract import contract_of, digest, read_contract, render
from api.errors import StatementFileInvalid, StatementUnknown
from api.statements import all_statements, load, main, statement


def write(directory: Path, text: str) -> Path:
    path = directory / "things.sql"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_block_ends_where_the_next_begins(tmp_path: Path) -> None:
    found = load(write(tmp_path, "-- name: one\n-- Why.\nselect 1\n\n-- name: two\nselect\n  2\n"))
    assert {name: block.text for name, block in found.items()} == {"one": "-- Why.\nselect 1", "two": "select\n  2"}


def test_a_block_knows_its_file_and_line(tmp_path: Path) -> None:
    found = load(write(tmp_path, "-- name: one\nselect 1\n\n-- name: two\nselect 2\n"))
    assert (found["two"].file, found["two"].line) == ("api/sql/things.sql", 5)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("select 1\n-- name: one\nselect 1\n", "must start"),
        ("", "must start"),
        ("-- name: one\nselect 1\n-- name: one\nselect 2\n", "used twice"),
        ("-- name: One\nselect 1\n", "snake_case"),
        ("-- name:\nselect 1\n", "snake_case"),
        ("-- name: one\n-- only a comment\n", "no text"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(StatementFileInvalid, match=fault):
        load(write(tmp_path, text))


@pytest.mark.parametrize(("file", "name"), [("items", "no_such"), ("no_such", "page")])
def test_an_unknown_statement_is_named(file: str, name: str) -> None:
    with pytest.raises(StatementUnknown, match=f"'{name}' in api/sql/{file}.sql"):
        statement(file, name)


def test_the_listing_holds_every_statement_with_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["statements"]
    assert {("api/sql/health.sql", "answer"), ("api/sql/items.sql", "page")} <= {
        (entry["file"], entry["name"]) for entry in listed
    }
    assert len(listed) == len(all_statements())
    assert all(entry["text"] for entry in listed)


def test_no_statement_asks_for_whatever_columns_there_are() -> None:
    assert [found.name for found in all_statements() if "*" in found.text] == []


def test_each_statement_has_a_contract_of_its_present_text() -> None:
    contract = read_contract()
    kept = {key: row["digest"] for key, row in contract.items()}
    assert kept == {(found.file, found.name): digest(found.text) for found in all_statements()}, "run `make contract`"


def test_a_statement_that_was_changed_since_has_no_contract(tmp_path: Path) -> None:
    row = {"file": "a.sql", "name": "one", "digest": digest("select 1"), "parameters": [], "columns": []}
    file = tmp_path / "contract.json"
    file.write_text(render([row]), encoding="utf-8")
    contract = read_contract(file)
    assert contract_of(contract, "a.sql", "one", "select 1") == {"parameters": [], "columns": []}
    assert contract_of(contract, "a.sql", "one", "select 2") == {}
