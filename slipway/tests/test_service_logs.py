from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from slipway.errors import ConfigurationFault, DeployFailed
from slipway.execute import exec_argv, exec_in_argv
from slipway.on_droplet import hide, look
from slipway.service_logs import Wanted, projects_of, remote_command
from slipway.tests.test_guard import FACTS

NOW = "20260101-000000-abc1234"
STATUS = {
    "release": NOW,
    "services": [
        {"name": "api", "project": f"app-{NOW}"},
        {"name": "worker", "project": f"app-{NOW}"},
        {"name": "traefik", "project": "edge"},
    ],
}


def test_services_are_read_where_they_run() -> None:
    projects = projects_of(STATUS, Wanted(["api", "traefik", "worker", "rollout"]))
    assert projects == {f"app-{NOW}": ["api", "worker"], "edge": ["traefik"], "rollout": ["rollout"]}


def test_an_unknown_service_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationFault, match="no service app; choose of: api, rollout, traefik, worker"):
        projects_of(STATUS, Wanted(["app"]))


def test_the_log_of_a_stopped_release_is_its_rollouts() -> None:
    old = "20251231-000000-abc0000"
    with pytest.raises(DeployFailed, match=f"slipway logs rollout --release {old}"):
        projects_of(STATUS, Wanted(["api"], release=old))
    assert projects_of(STATUS, Wanted(["rollout", "traefik"], release=old))
    assert projects_of(STATUS, Wanted(["api"], release=NOW))


def test_lines_of_several_services_are_named_and_of_one_are_not() -> None:
    one = remote_command({"edge": ["traefik"]}, NOW, Wanted(["traefik"], tail=5, since="10m"))
    assert "-p edge logs --tail 5 --no-log-prefix --since 10m traefik;" in one
    two = remote_command({"edge": ["traefik"], "app-x": ["api"]}, NOW, Wanted(["traefik", "api"], follow=True))
    assert "--no-log-prefix" not in two
    assert two.count("--follow") == 2
    assert "& wait" in two


def test_the_shell_of_the_droplet_can_read_the_command(tmp_path: Path) -> None:
    command = remote_command({"rollout": ["rollout"]}, NOW, Wanted(["rollout"]))
    done = subprocess.run(["bash", "-n"], input=command, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_secret_of_any_release_leaves_the_droplet(tmp_path: Path) -> None:
    folder = tmp_path / "releases" / NOW / "secrets" / "api"
    folder.mkdir(parents=True)
    (folder / "database_url").write_text("postgresql://slipway_api:pass-of-the-api@postgres:5432/slipway")
    (folder / "admin_users").write_text("operator:$2b$10$hash-of-the-guard\n")
    (folder / "short").write_text("abc")
    lines = ["connecting with pass-of-the-api\n", "abc is a word\n", "user $2b$10$hash-of-the-guard\n"]
    assert list(hide.hide(lines, hide.secret_values(tmp_path))) == [
        "connecting with [secret]\n",
        "abc is a word\n",
        "user [secret]\n",
    ]


def test_the_droplet_is_looked_at_whether_or_not_anything_is_there_yet(tmp_path: Path) -> None:
    found = look.look(tmp_path, tmp_path / "no-groups")
    assert (found["dump"], found["revisions"], found["runs"]) == (None, {}, {})
    assert found["memory_total_mb"] > 0
    release = tmp_path / "releases" / NOW
    release.mkdir(parents=True)
    (release / "manifest.json").write_text(json.dumps({"revision": "abc1234"}))
    (release.with_suffix(".failed")).mkdir()
    (release.with_suffix(".failed") / "manifest.json").write_text(json.dumps({"revision": "abc9999"}))
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / f"{NOW}.dump").write_bytes(b"dump")
    lines = [
        {"event": "begin", "run": "r1", "verb": "apply", "release": NOW, "who": "root from 192.0.2.1", "time": "t1"},
        {"event": "end", "run": "r1", "outcome": "done", "time": "t2"},
    ]
    (tmp_path / "journal.jsonl").write_text("\n".join(json.dumps(line) for line in lines) + '\n{"cut sh')
    found = look.look(tmp_path, tmp_path / "no-groups")
    assert found["dump"]["file"] == f"{NOW}.dump"
    assert found["revisions"] == {NOW: "abc1234"}
    assert found["runs"][NOW] | {"release": ""} == {
        "release": "",
        "who": "root from 192.0.2.1",
        "began": "t1",
        "outcome": "done",
        "ended": "t2",
    }


def test_a_limit_of_the_machines_own_counts_as_its_memory(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal:       24000000 kB\n")
    assert look.memory_total_mb(tmp_path, meminfo) == 24000000 // 1024
    (tmp_path / "memory.max").write_text("max\n")
    assert look.memory_total_mb(tmp_path, meminfo) == 24000000 // 1024
    (tmp_path / "memory.max").write_text(f"{2 << 30}\n")
    assert look.memory_total_mb(tmp_path, meminfo) == 2048


@pytest.mark.parametrize("program", ["look.py", "hide.py"])
def test_what_is_sent_needs_nothing_but_pythons_own_library(program: str) -> None:
    source = Path(look.__file__).with_name(program).read_text()
    argv = [sys.executable, "-I", "-S", "-c", source.replace("/srv/slipway", "/nonexistent")]
    done = subprocess.run(argv, input="a line\n", text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert io.StringIO(done.stdout).readline()


def test_one_word_is_a_line_for_the_shell_and_several_are_exact() -> None:
    assert exec_argv(FACTS, ["docker ps | wc -l"], terminal=False)[-1] == "docker ps | wc -l"
    assert exec_argv(FACTS, ["ls", "a b", "*"], terminal=False)[-1] == "ls 'a b' '*'"
    assert exec_argv(FACTS, [], terminal=True)[-1] == f"{FACTS.ssh_user}@{FACTS.address}"


def test_a_command_runs_in_the_container_of_a_service() -> None:
    argv = exec_in_argv(FACTS, STATUS, "api", ["python", "-c", "print(1)"], terminal=False)
    assert argv[-1] == f"docker compose -p app-{NOW} exec -T api python -c 'print(1)'"
    assert " exec api sh -c " in exec_in_argv(FACTS, STATUS, "api", [], terminal=True)[-1]
    with pytest.raises(ConfigurationFault, match="choose of: api, traefik, worker"):
        exec_in_argv(FACTS, STATUS, "app", ["ls"], terminal=False)
