"""The SQL statements: named blocks in `api/sql/*.sql`, found when the module that uses them is imported.

`python -m api.statements --json` lists them all, each with its contract; the schema gate describes each on a schema and
compares.
"""

import argparse
import json
import re
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from api.contract import contract_of, read_contract
from api.errors import StatementFileInvalid, StatementUnknown

SQL_DIR = Path(__file__).parent / "sql"
BLOCK = re.compile(r"^-- name:[ \t]*(?P<name>\S*)[ \t]*$", re.MULTILINE)
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Statement:
    """One statement, the file that holds it (relative to the API's root) and the line its text starts on."""

    name: str
    file: str
    line: int
    text: str


def statement(file: str, name: str) -> str:
    """Return the text of the statement `name` in `api/sql/<file>.sql`; call it at import.

    Raises `StatementUnknown`, so that a wrong name ends the start and not a request.
    """
    try:
        return load(SQL_DIR / f"{file}.sql")[name].text
    except (FileNotFoundError, KeyError):
        raise StatementUnknown(file, name) from None


@cache
def load(path: Path) -> dict[str, Statement]:
    """Read one file's statements by name."""
    source = path.read_text(encoding="utf-8")
    heads = list(BLOCK.finditer(source))
    ends = [head.start() for head in heads[1:]] + [len(source)]
    if not heads or source[: heads[0].start()].strip():
        raise StatementFileInvalid(path.stem, "the file must start with a line '-- name: <statement>'.")
    statements: dict[str, Statement] = {}
    for head, end in zip(heads, ends, strict=True):
        name, text = head["name"], source[head.end() + 1 : end].rstrip()
        if not NAME.fullmatch(name) or name in statements:
            raise StatementFileInvalid(path.stem, f"the name '{name}' is used twice or is not snake_case.")
        if not re.sub(r"--.*", "", text).strip():
            raise StatementFileInvalid(path.stem, f"the statement '{name}' has no text.")
        line = source.count("\n", 0, head.end()) + 2
        statements[name] = Statement(name, f"api/sql/{path.name}", line, text)
    return statements


def all_statements() -> list[Statement]:
    """Return every statement of every file, in a stable order."""
    return [found for path in sorted(SQL_DIR.glob("*.sql")) for found in load(path).values()]


def listing() -> dict[str, Any]:
    """Return every statement whole, as the schema gate reads it."""
    contract = read_contract()
    rows = [asdict(found) | contract_of(contract, found.file, found.name, found.text) for found in all_statements()]
    return {"service": "api", "statements": rows}


def main(arguments: list[str] | None = None) -> int:
    """List the statements: names for people, whole with `--json`."""
    parser = argparse.ArgumentParser(prog="python -m api.statements", description=main.__doc__)
    parser.add_argument("--json", action="store_true", help="print every statement whole, as one JSON document")
    if parser.parse_args(arguments).json:
        json.dump(listing(), sys.stdout, indent=1)
        print()
        return 0
    for found in all_statements():
        print(f"{found.file}:{found.line} {found.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
