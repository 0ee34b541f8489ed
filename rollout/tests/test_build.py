"""The zipapp is the same wherever it is built, and runs by itself."""

import subprocess
import sys
import zipfile
from pathlib import Path

from rollout.build import build


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    first, second = build(tmp_path / "a.pyz"), build(tmp_path / "sub" / "b.pyz")
    assert first == second
    assert (tmp_path / "a.pyz").read_bytes() == (tmp_path / "sub" / "b.pyz").read_bytes()


def test_it_holds_the_program_and_nothing_of_its_tests(tmp_path: Path) -> None:
    build(tmp_path / "a.pyz")
    names = zipfile.ZipFile(tmp_path / "a.pyz").namelist()
    assert {"__main__.py", "rollout/cli.py", "rollout/steps/switch.py"} <= set(names)
    assert [name for name in names if "tests" in name or name.endswith("build.py")] == []


def test_it_runs_with_nothing_but_the_standard_library(tmp_path: Path) -> None:
    build(tmp_path / "a.pyz")
    argv = [sys.executable, "-I", "-S", str(tmp_path / "a.pyz"), "releases", "--json", "--root", str(tmp_path / "none")]
    assert subprocess.run(argv, check=True, capture_output=True, text=True, cwd="/").stdout == '{"releases": []}\n'
