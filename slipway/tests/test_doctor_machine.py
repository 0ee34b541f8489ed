from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from localcloud.settings import Settings
from slipway.doctor import local_cloud
from slipway.doctor import machine as looks
from slipway.doctor.finding import Area, Finding, is_well
from slipway.doctor.machine import Machine
from slipway.project import Project
from toolchain.environment import PulumiTools


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "os-release").write_text('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n')
    (tmp_path / "meminfo").write_text("MemTotal: 25165824 kB\nMemAvailable:   20971520 kB\n")
    (tmp_path / "groups" / "memory").mkdir(parents=True)
    return Machine(
        Project(tmp_path),
        "local",
        {},
        os_release=tmp_path / "os-release",
        meminfo=tmp_path / "meminfo",
        groups=tmp_path / "groups",
        python=(3, 11, 7),
        is_root=True,
    )


def assert_mended(finding: Finding, state: str, said: str, mend: str) -> None:
    assert (finding.state, said in finding.said, mend in (finding.mend or "")) == (state, True, True), finding


def answering(**answers: str | None) -> Callable[[list[str]], str | None]:
    return lambda argv: answers.get(argv[1])


def test_the_system_is_named_and_one_that_was_not_proved_is_a_warning(machine: Machine) -> None:
    assert looks.system(machine).state == "well"
    machine.os_release.write_text("PRETTY_NAME=Fedora\nID=fedora\n")
    assert_mended(looks.system(machine), "warning", "Fedora", "docs/machines.md")
    assert looks.system(replace(machine, stack="staging")).state == "well"
    machine.os_release.unlink()
    assert looks.system(machine).state == "fault"
    assert looks.system(replace(machine, stack="staging")).state == "well"


def test_an_old_python_is_a_fault(machine: Machine) -> None:
    assert looks.python(machine).state == "well"
    assert_mended(looks.python(replace(machine, python=(3, 9, 2))), "fault", "older than 3.11", "make environment")


def test_docker_has_to_answer_and_to_build() -> None:
    assert looks.docker(answering(version="28.0", buildx="0.13")).state == "well"
    assert_mended(looks.docker(answering()), "fault", "no Docker engine", "make machine")
    assert_mended(looks.docker(answering(version="28.0")), "fault", "buildx", "make machine")


@pytest.mark.parametrize(("free_gb", "state"), [(40, "well"), (8, "warning"), (2, "fault")])
def test_a_full_disk_is_told_before_a_build_fills_it(
    free_gb: int, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))(100 << 30, 0, free_gb << 30)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    found = looks.disk(tmp_path)
    assert found.state == state
    assert (found.mend is None) == (state == "well")


def test_little_memory_is_a_warning_where_the_droplet_is_local(machine: Machine) -> None:
    assert looks.memory(machine).state == "well"
    machine.meminfo.write_text("MemAvailable: 1048576 kB\n")
    assert_mended(looks.memory(machine), "warning", "1.0 GB", "slipway local stop")
    assert looks.memory(replace(machine, stack="staging")).state == "well"


def test_ssh_has_to_be_on_path(tmp_path: Path) -> None:
    assert_mended(looks.ssh_client({"PATH": str(tmp_path)}), "fault", "no ssh", "openssh-client")
    (tmp_path / "ssh").touch(mode=0o755)
    assert looks.ssh_client({"PATH": str(tmp_path)}).state == "well"


def test_pulumi_has_to_be_there_and_to_run(tmp_path: Path) -> None:
    tools = PulumiTools(tmp_path / "pulumi", None, "path")
    assert looks.pulumi(tools, answering(version="v3.259.0")).said == "v3.259.0, yours"
    assert_mended(looks.pulumi(None, answering()), "fault", "there is none", "make machine")
    assert_mended(looks.pulumi(tools, answering()), "fault", "doesn't run", "make machine")


def test_a_plugin_that_nobody_would_fetch_has_to_be_installed(tmp_path: Path) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    (site / "pulumi_command").mkdir(parents=True)
    description = {"resource": True, "name": "command", "version": "1.2.1"}
    (site / "pulumi_command" / "pulumi-plugin.json").write_text(json.dumps(description))
    built = PulumiTools(tmp_path / "pulumi", home, "built")
    assert_mended(looks.plugins(built, site), "fault", "command is not installed", "make machine")
    (home / "plugins" / "resource-command-v1.2.1").mkdir(parents=True)
    assert looks.plugins(built, site).state == "well"
    assert looks.plugins(PulumiTools(tmp_path / "pulumi", None, "path"), site).state == "well"
    assert looks.plugins(None, site).state == "skipped"


def test_the_local_cloud_needs_root_and_control_groups(machine: Machine) -> None:
    assert local_cloud.root(machine).state == local_cloud.cgroups(machine).state == "well"
    assert_mended(local_cloud.root(replace(machine, is_root=False)), "fault", "as root", "sudo")
    (machine.groups / "memory").rmdir()
    assert_mended(local_cloud.cgroups(machine), "fault", "no droplet can boot", "cgroup2")
    (machine.groups / "cgroup.controllers").touch()
    assert local_cloud.cgroups(machine).said == "v2"


def test_the_port_of_the_local_cloud_is_free_or_its_own(machine: Machine) -> None:
    project = machine.project
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        environment = {"SLIPWAY_LOCAL_PORT": str(port)}
        assert local_cloud.api_port(project, environment).state == "well"
        listener.listen()
        assert_mended(local_cloud.api_port(project, environment), "fault", f"port {port}", "SLIPWAY_LOCAL_PORT")
        project.local_cloud.mkdir(parents=True)
        Settings(home=project.local_cloud, api_port=port).save()
        assert local_cloud.api_port(project, {}).state == "well"
    assert_mended(local_cloud.api_port(project, {}), "fault", "doesn't answer", "slipway local start")


def test_only_faults_need_mending() -> None:
    area = Area("a")
    assert is_well([area.well("n", "said"), area.warning("n", "said", "mend"), area.skipped("n", "why")])
    assert not is_well([area.fault("n", "said", "mend")])
