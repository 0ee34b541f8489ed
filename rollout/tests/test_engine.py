"""The order of steps, the way back, and what a killed process leaves to the next."""

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from rollout.environment import read_env
from rollout.errors import NotAnswering, PortTaken, PreflightFaults, RolloutError, SchemaDrift, Unhealthy
from rollout.plan import PLANS
from rollout.sockets import Listener
from rollout.steps.base import Step
from rollout.tests.machine import SECRET, Machine
from rollout.tests.world import Killed

ALL = {"api", "frontend", "beat"}


def test_apply_switches_only_what_is_well_and_stops_the_old_only_after_the_proof() -> None:
    names = [step.name for step in PLANS["apply"].steps]
    assert names[:5] == ["preflight", "host", "images", "stage", "data"]
    assert names[5:9] == ["rehearse", "backup", "migrate", "gate"]
    assert names[9:16] == ["start", "healthy", "edge", "switch", "probe", "handover", "watch"]
    assert names[16:] == ["drain", "stop", "prune", "certificate"]


def test_a_rollback_moves_images_configuration_and_routes_through_the_same_gate() -> None:
    names = [step.name for step in PLANS["rollback"].steps]
    only_forth = {"stage", "rehearse", "backup", "migrate"}
    assert names == [n for n in (s.name for s in PLANS["apply"].steps) if n not in only_forth]


def test_two_releases_follow_each_other(machine: Machine) -> None:
    first = machine.apply("one")
    second = machine.apply("two")
    assert (second["previous"], second["changed"]) == (first["release"], True)
    assert machine.serving == second["release"]
    assert machine.running(second["release"]) == ALL
    assert machine.world.projects() == {"data", "edge", f"app-{second['release']}"}
    assert list(second["seconds"]) == [step.name for step in PLANS["apply"].steps]


def test_never_two_beats(machine: Machine) -> None:
    machine.apply("one")
    machine.apply("two")
    assert machine.world.beats_at_once == 1


def test_edge_and_data_are_left_alone_when_only_the_release_changes(machine: Machine) -> None:
    machine.apply("one")
    before = {c["service"]: c["id"] for c in machine.world.containers.values()}
    machine.apply("two")
    after = {c["service"]: c["id"] for c in machine.world.containers.values()}
    assert {name for name in after if after[name] == before[name]} == {"postgres", "traefik"}


def test_a_tool_runs_while_its_release_names_it(machine: Machine) -> None:
    machine.apply("one", environment={"OPS_PROFILES": "mail"})
    assert set(machine.world.run_containers("ops")) == {"mail"}
    machine.apply("two", environment={"OPS_PROFILES": "flower mail"})
    assert set(machine.world.run_containers("ops")) == {"flower", "mail"}
    machine.apply("three", environment={"OPS_PROFILES": ""})
    assert machine.world.run_containers("ops") == {}


def test_compose_is_told_where_each_secret_lies(machine: Machine) -> None:
    secrets = [{"service": "api", "name": "google-client.secret", "uid": 1, "value": SECRET}]
    release = machine.apply("one", secrets=secrets)["release"]
    folder = machine.layout.release(release)
    environment = read_env(folder / "env")
    assert environment["API_GOOGLE_CLIENT_SECRET_FILE"] == str(folder / "secrets/api/google-client.secret")


def test_the_same_digest_changes_nothing(machine: Machine) -> None:
    first = machine.apply("one")
    made = machine.world.made
    again = machine.apply("one")
    assert (again["release"], again["changed"], again["seconds"]) == (first["release"], False, {})
    assert machine.world.made == made


def test_a_stopped_service_of_the_serving_release_is_started_again(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    machine.world.run_containers(f"app-{release}")["frontend"]["state"] = "exited"
    mended = machine.apply("one")
    assert (mended["release"], mended["mended"]) == (release, ["frontend"])
    assert machine.running(release) == ALL


def test_lost_routes_are_written_again(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    machine.layout.dynamic.write_text("http: {}")
    assert machine.apply("one")["mended"] == ["routes"]
    assert machine.serving == release


def test_rollback_goes_to_the_release_before_and_back_again(machine: Machine) -> None:
    first, second = machine.apply("one")["release"], machine.apply("two")["release"]
    assert machine.process().rollback(None, 0)["release"] == first
    assert (machine.serving, machine.running(first), machine.running(second)) == (first, ALL, set())
    assert machine.process().rollback(None, 0)["release"] == second
    assert machine.serving == second


def test_an_unhealthy_release_is_taken_back_with_its_reason(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    machine.world.sick["slipway/api:two"] = f"no such setting\ntoken {SECRET}"
    with pytest.raises(
        Unhealthy, match="service api fails its health check; the check said: connection refused"
    ) as told:
        machine.apply("two")
    assert "no such setting" in told.value.tail
    assert machine.serving == release
    assert machine.world.projects() == {"data", "edge", f"app-{release}"}


def test_a_release_that_does_not_answer_gives_the_routes_back(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    machine.world.deaf_routes.add("/deaf")
    with pytest.raises(NotAnswering, match=r"app\.test/deaf"):
        machine.apply("two", probe={"routes": [{"url_host": "app.test", "path": "/deaf"}]})
    assert machine.serving == release
    assert machine.layout.current.readlink().name == release
    assert machine.running(release) == ALL


def make_problem(release: str) -> dict[str, Any]:
    place = {"file": "old.sql", "statement": "gone", "line": 3, "of": release}
    return {"kind": "missing_column", "name": "x", "message": "column x does not exist"} | place


def test_drift_is_named_by_file_statement_and_whose_it_is_before_anything_changes(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    database = machine.world.database
    database.problems, database.pending = [make_problem(release)], ["items.0002_dropped"]
    with pytest.raises(SchemaDrift, match="nothing was changed") as told:
        machine.apply("two")
    assert told.value.where == "old.sql:3 gone (the serving release's): column x does not exist"
    assert (database.pending, database.copies, machine.serving) == (["items.0002_dropped"], set(), release)
    assert list(machine.layout.backups.iterdir()) == []


def test_a_release_whose_own_statements_do_not_fit_is_refused(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    machine.world.database.problems = [make_problem("")]
    with pytest.raises(SchemaDrift, match="do not fit the schema; nothing was changed"):
        machine.apply("two")
    assert machine.serving == release


@pytest.mark.parametrize("pending", [[], ["items.0002_more"]])
def test_what_the_serving_release_lacked_already_does_not_keep_the_next_one_out(
    machine: Machine, pending: list[str]
) -> None:
    release = machine.apply("one")["release"]
    problem = make_problem(release) | ({"was_before": True} if pending else {})
    machine.world.database.problems, machine.world.database.pending = [problem], pending
    assert machine.apply("two")["previous"] == release
    assert f"except 1 of {release} that did not before" in "\n".join(machine.said)


def test_a_release_that_leaves_the_schema_alone_asks_once_and_saves_nothing(machine: Machine) -> None:
    machine.apply("one")
    assert machine.world.database.one_shots == ["migrate", "check"]
    machine.world.database.one_shots.clear()
    machine.apply("two")
    assert machine.world.database.one_shots == ["check"]
    assert list(machine.layout.backups.iterdir()) == []


def test_a_migration_runs_on_a_copy_first(machine: Machine) -> None:
    machine.apply("one")
    machine.world.database.one_shots.clear()
    machine.world.database.pending = ["items.0002_more"]
    release = machine.apply("two")["release"]
    assert machine.world.database.one_shots == ["check", "check of a copy", "migrate", "check"]
    assert machine.world.database.copies == set()
    assert [dump.name for dump in machine.layout.backups.iterdir()] == [f"{release}.dump"]


def test_a_migration_that_fails_on_its_copy_runs_nowhere_else(machine: Machine) -> None:
    release = machine.apply("one")["release"]
    machine.world.database.pending = ["items.0002_more"]
    machine.world.failing["release_check --statements /run/gate/asked.json --migrate"] = "no such column"
    with pytest.raises(RolloutError, match="could not run"):
        machine.apply("two")
    assert (machine.world.database.pending, machine.world.database.copies) == (["items.0002_more"], set())
    assert machine.serving == release


def test_the_way_back_is_closed_by_what_its_target_lacks_and_by_nothing_else(machine: Machine) -> None:
    first, second = machine.apply("one")["release"], machine.apply("two")["release"]
    machine.world.database.problems = [make_problem(first)]
    with pytest.raises(SchemaDrift, match=f"release {first} no longer fits the schema; nothing was changed"):
        machine.process().rollback(None, 0)
    assert machine.serving == second
    machine.world.database.problems = [make_problem("")]
    assert machine.process().rollback(None, 0)["release"] == first


def test_undo_runs_last_first_and_tells_its_own_failures_beside(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone: list[str] = []
    for step in PLANS["apply"].steps:
        monkeypatch.setattr(type(step), "undo", lambda self, ctx: undone.append(self.name))
    monkeypatch.setattr(type(PLANS["apply"].step("migrate")), "undo", _cannot)
    machine.world.failing["base/edge/compose/edge.yml"] = "port is already allocated"
    with pytest.raises(RolloutError) as told:
        machine.apply("one")
    begun = [step.name for step in PLANS["apply"].steps][: len(undone) + 1]
    assert undone == [name for name in reversed(begun) if name != "migrate"]
    assert "also: taking back migrate failed: it is stuck" in told.value.tail
    unfinished = machine.journal.unfinished()
    assert unfinished is not None
    assert unfinished.to_undo() == ["migrate"]


def _cannot(self: Step, ctx: object) -> None:
    raise RolloutError("it is stuck")


def test_what_is_missing_is_told_all_at_once(machine: Machine) -> None:
    machine.world.free_disk_mb = 12
    machine.world.holders = {80: [Listener(77, "apache2")], 443: [Listener(77, "apache2")]}
    with pytest.raises(PreflightFaults) as told:
        machine.apply("one")
    assert "disk full: 1000 MB needed, 12 MB available" in str(told.value)
    assert [str(f).split("\n")[0] for f in told.value.faults if isinstance(f, PortTaken)] == [
        "port 80 is held by process 77 (apache2)",
        "port 443 is held by process 77 (apache2)",
    ]


def test_no_secret_reaches_the_journal_or_the_output(machine: Machine) -> None:
    machine.world.failing["--no-TTY migrate"] = f"invalid token {SECRET}"
    with pytest.raises(RolloutError):
        machine.apply("one")
    written = machine.layout.journal.read_text() + "\n".join(machine.said)
    kept = "".join(p.read_text() for p in machine.layout.releases.rglob("*") if p.is_file())
    assert SECRET not in written + kept


def test_old_releases_and_their_images_go_but_never_serving_or_previous(machine: Machine) -> None:
    releases = [machine.apply(version)["release"] for version in ("one", "two", "three", "four")]
    assert sorted(f.name for f in machine.layout.releases.iterdir()) == releases[2:]
    assert {ref for ref in machine.world.images if ref.startswith("slipway/")} == {
        "slipway/api:three",
        "slipway/api:four",
    }


@pytest.mark.parametrize("pending", [[], ["items.0002_more"]], ids=["code alone", "with a migration"])
def test_killed_at_any_call_the_next_apply_ends_right(machine: Machine, tmp_path: Path, pending: list[str]) -> None:
    """Kill the second release before each of its calls to the outside; that is also after each of them."""
    first = machine.apply("one")["release"]
    machine.world.database.pending = pending
    shutil.copytree(machine.layout.root, tmp_path / "before", symlinks=True)
    world, kill_at = deepcopy(machine.world), 0
    while _is_killed(machine, kill_at):
        assert machine.running(machine.serving) >= ALL - {"beat"}, f"killed at call {kill_at}: nobody served"
        release = machine.apply("two")["release"]
        assert machine.serving == release == machine.layout.current.readlink().name
        assert machine.running(release) == ALL
        assert machine.world.projects() == {"data", "edge", f"app-{release}"}, f"killed at call {kill_at}"
        assert machine.journal.unfinished() is None
        assert [f.name for f in machine.layout.releases.iterdir() if f.name.endswith(".tmp")] == []
        assert machine.world.beats_at_once == 1
        assert machine.world.database.copies == set(), f"killed at call {kill_at}: a copy is left"
        shutil.rmtree(machine.layout.root)
        shutil.copytree(tmp_path / "before", machine.layout.root, symlinks=True)
        machine.world, kill_at = deepcopy(world), kill_at + 1
    assert kill_at > 60
    assert machine.serving != first


def _is_killed(machine: Machine, kill_at: int) -> bool:
    try:
        machine.apply("two", kill_at=kill_at)
    except Killed:
        return True
    return False
