"""`python -m apps.tests.contract`: write `apps/api/api/sql/contract.json` from a database that was just migrated."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from api.contract import CONTRACT, digest, render
from api.statements import all_statements, listing
from apps.tests.servers import open_postgres
from apps.tests.stack import Django, django_for


def described(django: Django) -> str:
    """Ask the migrated database for every statement's contract; returns the file's text."""
    done = django.manage("statement_contract", "--statements", "-", stdin=json.dumps(listing()))
    assert done.returncode == 0, done.stderr
    texts = {(found.file, found.name): found.text for found in all_statements()}
    rows: list[dict[str, Any]] = json.loads(done.stdout)["contracts"]
    return render(row | {"digest": digest(texts[row["file"], row["name"]])} for row in rows)


def main() -> int:
    """Write the file."""
    with tempfile.TemporaryDirectory() as directory, open_postgres(Path(directory) / "postgres") as server:
        django = django_for(server, "redis://localhost", Path(directory))
        django.migrate()
        CONTRACT.write_text(described(django), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
