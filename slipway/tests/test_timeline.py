from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from slipway.progress import shown, summary
from slipway.timeline import Timeline, room_of


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timeline(clock: Clock) -> Timeline:
    return Timeline(clock)


def lay_out(timeline: Timeline, clock: Clock) -> None:
    with timeline.phase("pulumi up"):
        timeline.say(" +  digitalocean:index:Droplet slipway-local creating (0s)")
        clock.now += 5
        timeline.say(" +  digitalocean:index:Droplet slipway-local created (5s)")
        timeline.say(" +  command:remote:Command rollout creating (0s)")
        clock.now += 2
        timeline.say(" +  command:remote:Command rollout creating (2s) [ 3/18] stage: files laid out")


def test_each_phase_and_each_room_of_the_program_is_timed(timeline: Timeline, clock: Clock) -> None:
    lay_out(timeline, clock)
    assert timeline.seconds() == {"pulumi up": 7.0}
    assert timeline.room_seconds() == {"host": 5.0, "release": 2.0}
    assert timeline.total_s() == 7.0


@pytest.mark.parametrize(
    ("kind", "name", "room"),
    [
        ("digitalocean:index:Firewall", "slipway-local", "network"),
        ("digitalocean:index/volume:Volume", "slipway-local-data", "host"),
        ("digitalocean:index:DnsRecord", "www", "dns"),
        ("command:local:Command", "build-api", "images"),
        ("command:remote:Command", "slipway-local-ready", "host"),
        ("command:remote:Command", "rollout", "release"),
        ("command:remote:CopyToRemote", "rollout-engine", None),
        ("command:local:Command", "facts", None),
        ("slipway:host:Host", "slipway-local", None),
    ],
)
def test_a_resource_counts_for_its_room(kind: str, name: str, room: str | None) -> None:
    assert room_of(kind, name) == room


def test_a_phase_that_fails_is_marked_and_its_error_goes_on(timeline: Timeline) -> None:
    with pytest.raises(ZeroDivisionError), timeline.phase("verification"):
        raise ZeroDivisionError
    assert [phase.state for phase in timeline.phases] == ["failed"]


def test_without_a_terminal_every_line_is_printed(timeline: Timeline, clock: Clock, tmp_path: Path) -> None:
    out = StringIO()
    with shown(timeline, Console(file=out, width=80), tmp_path / "log"):
        lay_out(timeline, clock)
    said = out.getvalue()
    assert said.startswith("── pulumi up\n +  digitalocean:index:Droplet slipway-local creating")
    assert said.endswith("   pulumi up done in 7.0 s\n")
    assert not (tmp_path / "log").exists()


def test_a_terminal_shows_phases_and_keeps_the_rest_in_a_log_without_secrets(
    timeline: Timeline, clock: Clock, tmp_path: Path
) -> None:
    out = StringIO()
    with shown(timeline, Console(file=out, width=80, force_terminal=True, legacy_windows=False), tmp_path / "log"):
        lay_out(timeline, clock)
        with timeline.phase("verification"):
            timeline.say("FAILED test_only_traefik_publishes_ports")
            timeline.say("password=hunter2-hunter2")
    assert "FAILED test_only_traefik_publishes_ports" in out.getvalue()
    assert "Droplet slipway-local creating" not in out.getvalue()
    kept = (tmp_path / "log").read_text()
    assert "Droplet slipway-local creating" in kept
    assert "hunter2" not in kept


def test_the_summary_fits_a_narrow_terminal_and_names_what_failed(timeline: Timeline, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError), timeline.phase("settings and credentials"):
        raise ZeroDivisionError
    out = StringIO()
    Console(file=out, width=80).print(summary(timeline))
    assert "✗" in out.getvalue()
    assert "settings and credentials" in out.getvalue()
    assert max(len(line) for line in out.getvalue().splitlines()) <= 80
