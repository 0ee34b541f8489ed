from __future__ import annotations

from pathlib import Path

import pytest

from toolchain.errors import NotRoot, ToolMissing
from toolchain.steps import packages
from toolchain.steps.engine import EngineRecord
from toolchain.steps.packages import ENGINE, TOOLS, Packages
from toolchain.tests.fakes import session_in, tool

APT = """
[ "$2" = -o ] || exit 2
case "$*" in
  *install*) for word; do last=$word; done; echo "ii  $last" >> {state}; touch {folder}/tools/dockerd ;;
esac
"""


@pytest.fixture(autouse=True)
def no_system_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "SYSTEM_FOLDERS", ())


def everything_but(tmp_path: Path, *missing: str) -> None:
    for package in (*ENGINE, *TOOLS):
        if package.command not in missing:
            tool(tmp_path, package.command, "exit 1")


def debian(tmp_path: Path) -> None:
    state = tmp_path / "dpkg"
    state.write_text("ii  base-files\n")
    tool(tmp_path, "dpkg-query", f"cat {state}")
    tool(tmp_path, "apt-cache", "echo '  Candidate: (none)'")
    tool(tmp_path, "apt-get", APT.format(state=state, folder=tmp_path))


def test_nothing_is_installed_when_every_command_is_there(tmp_path: Path) -> None:
    everything_but(tmp_path)
    assert Packages().probe(session_in(tmp_path)) == "nothing is missing"


def test_an_engine_that_answers_needs_no_packages(tmp_path: Path) -> None:
    everything_but(tmp_path, "dockerd")
    tool(tmp_path, "docker", "echo 28.0.1")
    assert Packages().probe(session_in(tmp_path)) == "nothing is missing"


def test_only_what_is_missing_is_installed_and_all_that_came_is_recorded(tmp_path: Path) -> None:
    everything_but(tmp_path, "dockerd")
    debian(tmp_path)
    session = session_in(tmp_path)
    assert Packages().probe(session) is None
    assert Packages().work(session) == "installed docker.io"
    assert session.ledger.read()["packages"] == ["docker.io"]
    assert "docker.io: the engine that runs images" in session.shell.log.read_text()
    assert EngineRecord.at(session.settings).how == "nothing"


def test_an_engine_that_its_package_started_is_ours_to_stop(tmp_path: Path) -> None:
    everything_but(tmp_path, "dockerd", "docker")
    debian(tmp_path)
    tool(tmp_path, "docker", f"[ -e {tmp_path}/tools/dockerd ] && echo 20.10")
    session = session_in(tmp_path)
    assert Packages().work(session) == "installed docker.io"  # docker-cli is not a package of this Debian
    assert EngineRecord.at(session.settings).how == "service"


def test_a_user_who_is_not_root_gets_the_command_for_an_administrator(tmp_path: Path) -> None:
    everything_but(tmp_path, "ssh", "mkfs.ext4")
    debian(tmp_path)
    session = session_in(tmp_path)
    object.__setattr__(session.settings, "is_root", False)
    with pytest.raises(NotRoot) as caught:
        Packages().work(session)
    assert caught.value.mend == "sudo apt-get install e2fsprogs openssh-client"


def test_a_system_without_apt_is_told_which_commands_it_lacks(tmp_path: Path) -> None:
    everything_but(tmp_path, "ssh")
    with pytest.raises(ToolMissing, match="these tools are missing: ssh"):
        Packages().work(session_in(tmp_path))


def test_what_only_benchmarks_need_is_asked_for_by_them_alone(tmp_path: Path) -> None:
    everything_but(tmp_path)
    session = session_in(tmp_path)
    assert Packages().probe(session) == "nothing is missing"
    assert Packages(for_benches=True).probe(session) is None
