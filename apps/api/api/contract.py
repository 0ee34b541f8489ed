"""What each statement takes and gives, recorded in `api/sql/contract.json` from a migrated database by `make contract`.

The schema gate compares it with a live schema: a column that changed its type is found before the API meets it.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).parent / "sql" / "contract.json"
Key = tuple[str, str]


def read_contract(path: Path = CONTRACT) -> dict[Key, dict[str, Any]]:
    """Return the recorded entries by file and name of their statement."""
    rows = json.loads(path.read_text(encoding="utf-8"))["statements"] if path.is_file() else []
    return {(row["file"], row["name"]): row for row in rows}


def contract_of(contract: dict[Key, dict[str, Any]], file: str, name: str, text: str) -> dict[str, Any]:
    """Return parameters and columns of a statement; nothing if its text is not the one that was described."""
    row = contract.get((file, name), {})
    return {key: row[key] for key in ("parameters", "columns")} if row.get("digest") == digest(text) else {}


def digest(text: str) -> str:
    """Return what changes with a statement's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def render(rows: Iterable[dict[str, Any]]) -> str:
    """Return the file's text for entries with file, name, digest, parameters and columns: one line each."""
    ordered = sorted(rows, key=lambda row: (row["file"], row["name"]))
    return '{"statements": [\n' + ",\n".join(json.dumps(row) for row in ordered) + "\n]}\n"
