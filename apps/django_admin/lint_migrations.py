"""`python apps/django_admin/lint_migrations.py`: squawk over the SQL of every migration of ours, without a database.

A migration that breaks a rule on purpose names it in `squawk_ignore`, with the reason beside it; a name there that
is not needed is a fault too. Run on the developer's machine, so it is not part of the image.
"""

import json
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SQUAWK = Path(sys.executable).with_name("squawk")
PG_VERSION = "17.0"


@dataclass(frozen=True)
class Sql:
    """One migration's SQL and the rules that it may break."""

    name: str
    sql: str
    ignored: Sequence[str] = ()


def read_migrations() -> list[Sql]:
    """Ask Django for the SQL; it wants secrets to start with, and uses none of these."""
    with tempfile.TemporaryDirectory() as directory:
        urls = {"database_url": "postgresql://nobody@localhost/nothing", "redis_url": "redis://localhost"}
        for name, value in {**urls, "django_secret_key": secrets.token_urlsafe(64)}.items():
            (Path(directory) / name).write_text(value, encoding="utf-8")
        variables = {"SECRETS_DIR": directory, "RELEASE": "lint", "DOMAIN": "localhost"}
        command = [sys.executable, "manage.py", "migrations_sql"]
        done = subprocess.run(command, cwd=HERE, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    return [Sql(**entry) for entry in json.loads(done.stdout)]


def find_faults(migrations: Sequence[Sql]) -> Iterator[str]:
    """Yield a line for each rule that a migration breaks and does not name, and each that it names in vain."""
    with tempfile.TemporaryDirectory() as directory:
        for migration in migrations:
            (Path(directory) / f"{migration.name}.sql").write_text(migration.sql, encoding="utf-8")
        command = [str(SQUAWK), "--pg-version", PG_VERSION, "--reporter", "json", *map(str, Path(directory).iterdir())]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # 1: it found something
    found = [(Path(entry["file"]).stem, entry["rule_name"], entry) for entry in json.loads(done.stdout or "[]")]
    ignored = {(migration.name, rule) for migration in migrations for rule in migration.ignored}
    for name, rule, entry in found:
        if (name, rule) not in ignored:
            yield f"{name}: {rule}: {entry['message']}"
    for name, rule in sorted(ignored - {(name, rule) for name, rule, _ in found}):
        yield f"{name}: squawk_ignore names {rule}, which it does not break"


def main() -> int:
    """Print the faults; answer 1 if there is one."""
    migrations = read_migrations()
    faults = list(find_faults(migrations))
    print("\n".join([*faults, f"squawk: {len(migrations)} migrations, {len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
