"""The language host's parts: the environment it finds and the command lines it builds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.errors import LanguageHostError
from toolchain.plugins.language_python import program, runplugin
from toolchain.plugins.language_python.venv import Environment, find_environment

RUN = program.ProgramRun(
    monitor="127.0.0.1:1",
    engine="127.0.0.1:2",
    project="p",
    root_directory="/root of it",
    stack="dev",
    pwd="/root of it/infra",
    is_dry_run=True,
    parallel=0,
    organization="",
    entry_point=".",
    config={"p:key": "value"},
    config_secret_keys=["p:key"],
)
ENVIRONMENT = Environment(Path("/venv"))


def test_the_program_is_run_by_the_sdk_with_every_flag_it_needs() -> None:
    argv = program.command_line(RUN, ENVIRONMENT, Path("/home/exec"))
    assert argv[:3] == ["/venv/bin/python", "-u", "/home/exec"]
    flags = dict(zip(argv[3:-1:2], argv[4:-1:2], strict=True))
    assert flags["--dry_run"] == "true"
    assert flags["--parallel"] == "0"
    assert flags["--pwd"] == "/root of it/infra"
    assert "--organization" not in flags
    assert argv[-1] == "."


def test_the_program_sees_its_configuration_and_environment() -> None:
    env = program.variables(RUN, ENVIRONMENT, {"PATH": "/bin", "PYTHONHOME": "/else", "HOME": "/h"})
    assert json.loads(env["PULUMI_CONFIG"]) == {"p:key": "value"}
    assert json.loads(env["PULUMI_CONFIG_SECRET_KEYS"]) == ["p:key"]
    assert (env["PATH"], env["VIRTUAL_ENV"], env["HOME"]) == ("/venv/bin:/bin", "/venv", "/h")
    assert "PYTHONHOME" not in env


def test_an_unusable_environment_is_one_line_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LanguageHostError, match=r"set runtime\.options\.virtualenv"):
        find_environment(str(tmp_path), {})
    with pytest.raises(LanguageHostError, match="does not exist; make it"):
        find_environment(str(tmp_path), {"virtualenv": "venv"})
    (tmp_path / "venv").mkdir()
    with pytest.raises(LanguageHostError, match="has no bin/python; make it"):
        find_environment(str(tmp_path), {"virtualenv": "venv"})
    (tmp_path / "venv/bin").mkdir()
    (tmp_path / "venv/bin/python").touch()
    assert find_environment(str(tmp_path), {"virtualenv": "venv"}).root == tmp_path / "venv"
    with pytest.raises(LanguageHostError, match="no site-packages"):
        _ = find_environment(str(tmp_path), {"virtualenv": "venv"}).site_packages


def test_a_policy_pack_is_run_by_its_module_and_other_plugins_by_themselves() -> None:
    assert runplugin.command_line("analyzer", "/pack", ["127.0.0.1:1"], ENVIRONMENT) == [
        "/venv/bin/python",
        "-u",
        "-m",
        "pulumi.policy",
        "127.0.0.1:1",
        "/pack",
    ]
    assert runplugin.command_line("resource", "/plugin", ["a"], ENVIRONMENT) == [
        "/venv/bin/python",
        "-u",
        "/plugin",
        "a",
    ]
    assert runplugin.variables(["A=1=2", "odd"], ENVIRONMENT, {"PATH": "/bin"})["A"] == "1=2"


def test_a_plugins_output_is_streamed_and_its_code_comes_last(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    items = list(runplugin.stream([sys.executable, "-c", code], tmp_path, {}, Cancellation()))
    assert items[-1] == 3
    assert sorted(item for item in items[:-1] if isinstance(item, tuple)) == [
        ("stderr", b"err\n"),
        ("stdout", b"out\n"),
    ]
