"""The front end's own checks: client, formatting, lint, types, unit tests and weight, run as its people run them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

APPS = Path(__file__).resolve().parents[2]
FRONTEND = APPS / "frontend"
TIMEOUT_S = 900

pytestmark = pytest.mark.node


def npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("npm", *arguments), cwd=FRONTEND, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    done = npm("ci", "--ignore-scripts", "--no-progress")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_front_end_passes_its_checks() -> None:
    done = npm("run", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_client_that_does_not_fit_the_apis_description_fails_the_check(tmp_path: Path) -> None:
    changed = tmp_path / "openapi.json"
    changed.write_text((APPS / "api" / "openapi.json").read_text().replace('"listItems"', '"listOtherItems"'))
    done = npm("run", "client:check", "--", "--input", str(changed))
    assert done.returncode == 1
    assert "src/client is stale" in done.stderr


def test_pages_above_the_budget_fail_the_check() -> None:
    assert npm("run", "build").returncode == 0
    done = npm("run", "size", "--", "50000")
    assert done.returncode == 1
    assert "Above the budget of 50.0 kB" in done.stderr


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved": "http' not in (FRONTEND / "package-lock.json").read_text()
