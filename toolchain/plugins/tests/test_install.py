"""Putting the plugins in place, with a stand-in for the CLI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolchain.plugins.errors import InstallError, PluginError
from toolchain.plugins.install import Plugin, install, launcher_text
from toolchain.plugins.versions import RequiredPlugin, required_plugins


@pytest.fixture
def pulumi(tmp_path: Path) -> Path:
    path = tmp_path / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\necho v9.8.7\n")
    path.chmod(0o755)
    (path.parent / "pulumi-language-python-exec").write_text("# runs programs\n")
    return path


def snapshot(home: Path) -> dict[str, tuple[int, int]]:
    files = [path for path in home.rglob("*") if path.is_file()]
    return {str(path.relative_to(home)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def test_each_plugin_lands_under_its_exact_version(pulumi: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    install(pulumi, home, Path(sys.executable))
    assert sorted(snapshot(home)) == [
        "plugins/language-python-v9.8.7/pulumi-language-python",
        "plugins/language-python-v9.8.7/pulumi-language-python-exec",
        "plugins/resource-command-v1.2.1/pulumi-resource-command",
        "plugins/resource-digitalocean-v4.84.1/pulumi-resource-digitalocean",
    ]
    assert all(os.access(home / name, os.X_OK) for name in snapshot(home))


def test_a_second_time_changes_nothing_and_damage_is_mended(pulumi: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    install(pulumi, home, Path(sys.executable))
    before = snapshot(home)
    install(pulumi, home, Path(sys.executable))
    assert snapshot(home) == before
    damaged = home / "plugins/resource-command-v1.2.1/pulumi-resource-command"
    damaged.chmod(0o644)
    (home / "plugins/resource-command-v1.2.1.partial").touch()
    install(pulumi, home, Path(sys.executable))
    assert os.access(damaged, os.X_OK)
    assert sorted(snapshot(home)) == sorted(before)


def test_paths_with_blanks_and_quotes_work(tmp_path: Path) -> None:
    odd = tmp_path / "it's odd" / "python"
    odd.parent.mkdir()
    odd.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    odd.chmod(0o755)
    script = tmp_path / "launcher"
    script.write_text(launcher_text(Plugin("resource", "command", "1", "command"), odd))
    said = subprocess.run(["sh", str(script), "-v=3", "127.0.0.1:1"], capture_output=True, text=True, check=True).stdout
    assert said.endswith(f"launch.py|command|{script}|-v=3|127.0.0.1:1|")


def test_what_is_missing_is_said(pulumi: Path, tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="is that a Pulumi CLI"):
        install(tmp_path / "none", tmp_path / "home", Path(sys.executable))
    bare = tmp_path / "python"
    bare.write_text(f"#!/bin/sh\necho {tmp_path}\n")
    bare.chmod(0o755)
    with pytest.raises(InstallError, match="no package pulumi-command"):
        install(pulumi, tmp_path / "home", bare)


def test_the_packages_say_which_plugins_they_need(tmp_path: Path) -> None:
    for name, text in {
        "pulumi_b": '{"resource": true, "name": "b", "version": "2", "server": "https://example.org"}',
        "pulumi_a": '{"resource": true, "name": "a", "version": "1"}',
        "pulumi_component": '{"resource": false, "name": "c"}',
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "pulumi-plugin.json").write_text(text)
    assert required_plugins(tmp_path) == [RequiredPlugin("a", "1"), RequiredPlugin("b", "2", "https://example.org")]
    (tmp_path / "pulumi_a" / "pulumi-plugin.json").write_text("{")
    with pytest.raises(PluginError, match="reinstall that package"):
        required_plugins(tmp_path)
