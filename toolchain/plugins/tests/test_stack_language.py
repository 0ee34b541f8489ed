"""The language host through the real CLI: how programs end, what they get, and what is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pulumi import automation

from toolchain.plugins.tests.conftest import Project

pytestmark = pytest.mark.pulumi


def test_a_missing_environment_is_one_clear_line(project: Project) -> None:
    project.write("", virtualenv="not/there")
    text = project.run("preview", fails=True)
    assert f"the virtual environment {project.folder}/not/there (runtime.options.virtualenv in Pulumi.yaml)" in text
    assert "does not exist; make it" in text


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise ValueError('what went wrong')", "ValueError: what went wrong"),
        ("import sys; sys.exit(3)", "program exited with non-zero exit code: 3"),
        ("import os; os._exit(4)", "program exited with non-zero exit code: 4"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("this is no python", "SyntaxError"),
        ("import pulumi; raise pulumi.RunError('told plainly')", "told plainly"),
    ],
)
def test_programs_that_fail_say_why(project: Project, program: str, said: str) -> None:
    project.write(program)
    assert said in project.run("preview", fails=True)


def test_a_program_gets_its_configuration_and_place(project: Project) -> None:
    project.run("config", "set", "plain", "value")
    project.run("config", "set", "--secret", "hidden", "planted-secret")
    project.write(
        "import os, sys, pulumi\nc = pulumi.Config()\n"
        "pulumi.export('plain', c.require('plain'))\npulumi.export('hidden', c.require_secret('hidden'))\n"
        "pulumi.export('is_secret', c.require_secret('hidden').is_secret())\n"
        "pulumi.export('where', os.getcwd())\npulumi.export('prefix', sys.prefix)\n"
        "pulumi.export('stack', f'{pulumi.get_project()}/{pulumi.get_stack()}')\n"
        "print('shown to the user')\n"
    )
    text = project.up()
    assert "shown to the user" in text
    assert "planted-secret" not in text + project.everything_kept()
    outputs = {name: project.output(name) for name in ("plain", "hidden", "where", "prefix", "stack")}
    assert outputs == {
        "plain": "value",
        "hidden": "planted-secret",
        "where": str(project.folder),
        "prefix": sys.prefix,
        "stack": "tried/dev",
    }


def test_about_and_install_work(project: Project) -> None:
    assert "pulumi_command" in project.run("about").replace("-", "_")
    assert "is used as it is" in project.run("install", "--no-plugins")


def test_both_kinds_of_automation_program_work(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{project.pulumi.parent}:{project.env['PATH']}")
    project.write(
        "import pulumi\nfrom pulumi_command import local\n"
        "pulumi.export('out', local.Command('c', create='echo made').stdout)\n"
    )
    options = automation.LocalWorkspaceOptions(env_vars=project.env, pulumi_home=str(project.home))
    said: list[str] = []
    local = automation.select_stack("dev", work_dir=str(project.folder), opts=options)
    assert local.up(on_output=said.append).outputs["out"].value == "made"
    inline = automation.create_stack("inline", program=_inline, project_name="tried", opts=options)
    assert inline.up(on_output=said.append).outputs["out"].value == "made"
    inline.destroy(on_output=said.append)
    assert not [line for line in said if "warning" in line.lower()]


def _inline() -> None:
    from pulumi import export  # noqa: PLC0415
    from pulumi_command import local  # noqa: PLC0415

    export("out", local.Command("c", create="echo made").stdout)


def test_the_plugins_are_found_without_a_word(project: Project) -> None:
    project.write("")
    text = project.run("preview")
    assert "$PATH" not in text
    assert "plugin" not in text
    assert Path(project.home, "plugins").is_dir()
