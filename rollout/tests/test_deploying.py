"""Releases on a real engine, behind a real Traefik, over a real Postgres."""

import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from rollout.tests.droplet import OWNER, SUPER, TOKEN, Droplet, Visitors, docker

pytestmark = pytest.mark.docker


def test_a_first_release_serves_and_the_same_again_changes_nothing(droplet: Droplet) -> None:
    first = droplet.apply()
    assert first.code == 0, first.text
    release = first.facts["release"]
    assert droplet.answering() == droplet.answering("/api/health") == release
    again = droplet.apply()
    assert (again.code, again.facts["changed"], again.facts["release"]) == (0, False, release), again.text


def test_switching_and_going_back_lose_no_request(droplet: Droplet) -> None:
    first = droplet.apply("good-1").facts["release"]
    with Visitors(droplet) as visitors:
        second = droplet.apply("good-2")
        assert second.code == 0, second.text
        back = droplet.call("rollback")
        assert back.code == 0, back.text
    assert visitors.failures == []
    assert visitors.seen == {first, second.facts["release"]}
    assert (back.facts["release"], back.facts["previous"]) == (first, second.facts["release"])
    assert droplet.projects() == {"edge", "data", f"app-{first}"}


def test_what_fails_before_the_switch_leaves_the_old_release_serving(droplet: Droplet) -> None:
    release = droplet.apply().facts["release"]
    with Visitors(droplet) as visitors:
        sick, crash = droplet.apply("sick"), droplet.apply("crash")
        broken, liar = droplet.apply("good-2", django="django-broken"), droplet.apply("liar")
        drift = droplet.apply("ids", django="django-drops")
    assert visitors.failures == []
    assert visitors.seen == {release}
    assert [outcome.code for outcome in (sick, crash, broken, drift, liar)] == [1, 1, 1, 1, 1]
    assert "service api fails its health check" in sick.err
    assert "HTTP Error 503" in sick.err
    assert "RuntimeError: no such setting: COLOUR" in crash.err
    assert 'relation "nowhere" does not exist' in broken.err
    assert 'api/sql/items.sql:3 titles (the serving release\'s): column "title" does not exist' in drift.err
    assert "does not answer with release" in liar.err
    assert droplet.projects() == {"edge", "data", f"app-{release}"}
    written = "".join(o.text for o in (sick, crash, broken, drift, liar)) + (droplet.root / "journal.jsonl").read_text()
    assert [secret for secret in (TOKEN, OWNER, SUPER) if secret in written] == []


def test_a_taken_port_is_named_with_its_holder(droplet: Droplet) -> None:
    with socket.socket() as holder:
        holder.bind(("0.0.0.0", droplet.https_port))  # noqa: S104 - as a web server that was left running would
        holder.listen()
        outcome = droplet.apply()
    assert outcome.code == 1
    assert f"port {droplet.https_port} is held by process " in outcome.err
    assert droplet.projects() == set()


def test_a_full_disk_tells_what_is_needed_and_what_is_there(droplet: Droplet) -> None:
    droplet.root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(droplet.root)], check=True)
    try:
        outcome = droplet.apply()
        filled = droplet.apply(limits={"min_free_disk_mb": 1}, files=_large_files(droplet))
    finally:
        subprocess.run(["umount", "--lazy", str(droplet.root)], check=True)
    assert (outcome.code, filled.code) == (1, 1)
    assert "disk full: 200 MB needed, 6" in outcome.err
    assert f"where: the file system of {droplet.root}" in outcome.err
    assert "disk full during step stage" in filled.err
    assert droplet.projects() == set()


def _large_files(droplet: Droplet) -> dict[str, str]:
    files: dict[str, str] = droplet.bundle()["files"]
    return files | {"edge/large.txt": "x" * (80 << 20)}


def test_two_applies_at_once(droplet: Droplet) -> None:
    first = droplet.start("apply", stdin=subprocess.PIPE)
    assert first.stdin is not None
    assert first.stdout is not None
    first.stdin.write(json.dumps(droplet.bundle()))
    first.stdin.close()
    assert first.stdout.readline().startswith("apply ")
    refused = droplet.apply("good-2")
    assert refused.code == 4, refused.text
    assert f"process {first.pid}, since " in refused.err
    waited = droplet.call("apply", "--lock-wait", "200", bundle=droplet.bundle("good-2"))
    first.stdin = None
    out, err = first.communicate()
    assert (first.returncode, waited.code) == (0, 0), out + err + waited.text
    assert droplet.answering() == waited.facts["release"]


@pytest.mark.parametrize("step", ["data", "migrate", "start", "switch", "handover", "stop"])
def test_killed_at_a_step_the_next_apply_ends_right(droplet: Droplet, step: str) -> None:
    first = droplet.apply().facts["release"]
    with Visitors(droplet, paths=("/",)) as visitors:
        _kill_at(droplet, step)
        outcome = droplet.apply("good-2")
    assert outcome.code == 0, outcome.text
    assert "was cut short" in outcome.out
    assert visitors.failures == []
    release = outcome.facts["release"]
    assert droplet.answering() == release != first
    assert droplet.projects() == {"edge", "data", f"app-{release}"}
    names = docker("ps", "--format", "{{.Names}}", "--filter", f"name={droplet.namespace}-app-").split()
    assert sum("beat" in name for name in names) == 1
    status = json.loads(droplet.call("status", "--json").out)
    assert (status["down"], status["unfinished"], status["locked_by"]) == ([], None, None)


def _kill_at(droplet: Droplet, step: str) -> None:
    """Start a rollout and kill it, and nothing but it, as soon as it has begun a step."""
    journal = droplet.root / "journal.jsonl"
    known = journal.stat().st_size
    process = droplet.start("apply")
    assert process.stdin is not None
    process.stdin.write(json.dumps(droplet.bundle("good-2")))
    process.stdin.close()
    while f'"event": "start", "step": "{step}"' not in _since(journal, known):
        assert process.poll() is None, f"it ended before step {step}"
    process.send_signal(signal.SIGKILL)
    process.stdin = None
    process.communicate()


def _since(journal: Path, known: int) -> str:
    with journal.open() as stream:
        stream.seek(known)
        return stream.read()
