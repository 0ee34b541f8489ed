"""The front end's own checks: formatting, lint, types and unit tests, run as its people run them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
TIMEOUT_S = 600


@pytest.mark.node
@pytest.mark.parametrize("command", [("npm", "ci", "--ignore-scripts", "--no-progress"), ("npm", "run", "check")])
def test_the_front_end_installs_and_passes_its_checks(command: tuple[str, ...]) -> None:
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
