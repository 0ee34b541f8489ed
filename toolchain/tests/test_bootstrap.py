from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

from toolchain import bootstrap


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(bootstrap.__file__).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_uv_and_pip_are_pinned_by_hash() -> None:
    # pip is in the list because Pulumi's own language host asks the environment's pip.
    for name in ("uv", "pip"):
        lines = bootstrap.requirement(name).splitlines()
        assert lines[0].startswith(f"{name}==")
        assert "--hash=sha256:" in lines[1]


def test_a_package_that_is_not_pinned_is_named() -> None:
    with pytest.raises(bootstrap.BootstrapError, match="no-such-package is not pinned"):
        bootstrap.requirement("no-such-package")


def test_a_failing_tool_shows_its_last_lines_and_its_log(tmp_path: Path) -> None:
    log = tmp_path / "environment.log"
    with pytest.raises(bootstrap.BootstrapError) as caught:
        bootstrap.run(["sh", "-c", "echo no route to host; exit 1"], log, "fetching uv")
    assert "fetching uv failed\n  | $ sh -c" in str(caught.value)
    assert "  | no route to host" in str(caught.value)
    assert f"where: {log}" in str(caught.value)


def test_an_environment_counts_only_when_it_was_finished_from_the_same_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    assert not bootstrap.is_current()
    (tmp_path / "stamp").write_text(json.dumps({"recipe": bootstrap.recipe_digest()}))
    assert bootstrap.is_current()
    (tmp_path / "stamp").write_text(json.dumps({"recipe": "another"}))
    assert not bootstrap.is_current()
