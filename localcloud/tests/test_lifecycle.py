import socket
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from typer.testing import CliRunner

from localcloud import cli, lifecycle, preflight
from localcloud.errors import HostUnfit, SettingsError
from localcloud.lifecycle import Wishes
from localcloud.settings import Settings

run = CliRunner().invoke


def test_a_new_instance_takes_what_was_asked_for(tmp_path: Path) -> None:
    settings = lifecycle.settle(Wishes(tmp_path, name="two", api_port=8191))
    assert (settings.name, settings.api_port, settings.gateway) == ("two", 8191, "198.18.0.1")


def test_port_and_pace_of_an_instance_may_change_later(tmp_path: Path) -> None:
    Settings(home=tmp_path, name="one").save()
    assert lifecycle.settle(Wishes(tmp_path, api_port=8200, time_scale=0)).api_port == 8200


def test_name_and_subnet_of_an_instance_stay(tmp_path: Path) -> None:
    Settings(home=tmp_path, name="one").save()
    with pytest.raises(SettingsError, match=r"--name two \(it has one\).*reset"):
        lifecycle.settle(Wishes(tmp_path, name="two"))
    with pytest.raises(SettingsError, match="--subnet"):
        lifecycle.settle(Wishes(tmp_path, subnet=IPv4Network("198.18.16.0/20")))


def test_a_taken_port_is_named_before_anything_is_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HostUnfit, match=f"port {port}.*--api-port"):
            preflight.check_port(port)


def test_every_lack_of_the_machine_is_named_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(preflight, "environment", lambda: {"PATH": str(tmp_path)})
    monkeypatch.setattr(preflight, "LOOP_CONTROL", tmp_path / "missing")
    with pytest.raises(HostUnfit) as failure:
        preflight.check_host(builds_image=True)
    message = str(failure.value)
    for wanted in ("apt-get install docker.io", "apt-get install mmdebstrap", "loop devices"):
        assert wanted in message


@pytest.mark.parametrize("subnet", ["nonsense", "198.18.0.1/20", "198.18.0.0/24"])
def test_an_unusable_subnet_is_a_usage_error(tmp_path: Path, subnet: str) -> None:
    result = run(cli.app, ["start", "--home", str(tmp_path), "--subnet", subnet])
    assert result.exit_code == 2
    assert f"--subnet {subnet}" in result.output


def test_status_of_nothing_tells_how_to_start(tmp_path: Path) -> None:
    result = run(cli.app, ["status", "--json", "--home", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "python -m localcloud start" in result.output


def test_help_shows_examples() -> None:
    assert "python -m localcloud status --json" in run(cli.app, ["--help"]).output
