"""Schemathesis asks every operation of the OpenAPI document, with every check on: made-up data that fits the document,
data that does not, and chains of requests in which one answer is the next one's input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.auth.passwords import hash_for_django
from apps.tests.people import add_account
from apps.tests.stack import API_ROOT, ROOT, TOKEN, Api, Postgres

pytestmark = pytest.mark.docker
EMAIL = "schemathesis@example.org"
PASSWORD = "only schemathesis knows"  # not the document's example, by which it would delete its own account
LIMIT_S = 900
SESSIONS = ("--include-operation-id", "listSessions", "--include-operation-id", "revokeSession")
RUNS = {
    "each operation": ("--phases", "examples,coverage,fuzzing", "--max-examples", "12"),
    # Apart from what ends the session that asks, or all that follows would be a 401.
    "chains": ("--phases", "stateful", "--max-examples", "40", "--exclude-operation-id", "revokeSession"),
    "chains of sessions": ("--phases", "stateful", "--max-examples", "10", *SESSIONS),
}


def run_schemathesis(api: Api, directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        *(
            str(Path(sys.executable).with_name("st")),
            "--config-file",
            str(ROOT / "apps" / "tests" / "schemathesis.toml"),
            "run",
        ),
        *(str(API_ROOT / "openapi.json"), "--url", str(api.base_url).rstrip("/"), "--checks", "all", "--seed", "1"),
        *("--generation-database", "none", "--continue-on-failure", "--warnings", "off", "--no-color", *options),
    ]
    known = {"VERIFICATION_TOKEN": TOKEN, "EMAIL": EMAIL, "PASSWORD": PASSWORD}
    return subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@pytest.mark.parametrize("run", RUNS)
def test_the_api_does_what_its_document_says(database: Postgres, api: Api, tmp_path: Path, run: str) -> None:
    account_id = add_account(database, EMAIL, is_staff=True)
    database.sql(f"update account set password = '{hash_for_django(PASSWORD)}' where id = '{account_id}'")  # noqa: S608
    done = run_schemathesis(api, tmp_path, *RUNS[run])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout
    assert server_errors(api) == []


def server_errors(api: Api) -> list[str]:
    """Return the operations that answered with a 5xx; those that say a server is away belong to other tests."""
    prefix = "slipway_http_request_duration_seconds_count"
    lines = [line for line in api.metrics().splitlines() if line.startswith(prefix) and 'status="500"' in line]
    return [line for line in lines if not line.endswith(" 0.0")]
