from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from slipway.environment import as_shell
from slipway.errors import ConfigurationFault
from slipway.project import Project


def test_exports_survive_a_shell() -> None:
    value = "a b'c\"$HOME"
    script = as_shell({"X": value}) + 'printf %s "$X"'
    assert subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout == value
    assert shlex.quote(value) in as_shell({"X": value})


def test_the_project_is_found_from_a_folder_inside_it() -> None:
    root = Path(__file__).resolve().parents[2]
    assert Project.find(root / "infra" / "tests").root == root


def test_outside_a_checkout_the_message_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match="lies in no Slipway checkout"):
        Project.find(tmp_path)
