"""Releases on a real engine, behind a real Traefik, over a real Postgres."""

import json
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from rollout.tests.droplet import OWNER, SUPER, TOKEN, Droplet, Visitors, docker

pytestmark = pytest.mark.docker


def test_the_same_release_again_changes_nothing(serving: Droplet) -> None:
    release = serving.answering()
    assert serving.answering("/api/health") == release
    again = serving.apply_again()
    assert (again.code, again.facts["changed"], again.facts["release"]) == (0, False, release), again.text


def test_a_service_that_stopped_is_started_again(serving: Droplet) -> None:
    release = serving.answering()
    docker("stop", "--time", "0", f"{serving.namespace}-app-{release}-frontend-1")
    mended = serving.apply_again()
    assert (mended.code, mended.facts["mended"], mended.facts["release"]) == (0, ["frontend"], release), mended.text
    assert serving.answering() == release


def test_switching_and_going_back_lose_no_request(serving: Droplet) -> None:
    first = serving.answering()
    with Visitors(serving) as visitors:
        second = serving.apply()
        assert second.code == 0, second.text
        back = serving.call("rollback")
        assert back.code == 0, back.text
    assert visitors.failures == []
    assert visitors.seen == {first, second.facts["release"]}
    assert (back.facts["release"], back.facts["previous"]) == (first, second.facts["release"])
    assert serving.projects() == {"edge", "data", f"app-{first}"}


@pytest.mark.parametrize(
    ("variant", "django", "told"),
    [
        ("sick", "django-1", ("service api fails its health check", "the check said: status 503")),
        ("crash", "django-1", ("RuntimeError: no such setting: COLOUR",)),
        ("good", "django-broken", ("the migration failed", 'relation "nowhere" does not exist')),
        ("liar", "django-1", ("does not answer with release",)),
        (
            "ids",
            "django-drops",
            ('api/sql/items.sql:3 titles (the serving release\'s): column "title" does not exist',),
        ),
    ],
)
def test_what_is_wrong_with_a_release_leaves_the_old_one_serving(
    serving: Droplet, variant: str, django: str, told: tuple[str, ...]
) -> None:
    release = serving.answering()
    with Visitors(serving, paths=("/",)) as visitors:
        outcome = serving.apply(variant, django)
    assert outcome.code == 1, outcome.text
    assert [words for words in told if words not in outcome.err] == [], outcome.err
    assert visitors.failures == []
    assert serving.answering() == release
    assert serving.projects() == {"edge", "data", f"app-{release}"}
    written = outcome.text + (serving.root / "journal.jsonl").read_text()
    assert [secret for secret in (TOKEN, OWNER, SUPER) if secret in written] == []


def test_two_applies_at_once(serving: Droplet) -> None:
    first = serving.start("apply")
    assert first.stdin is not None
    assert first.stdout is not None
    first.stdin.write(json.dumps(serving.bundle()))
    first.stdin.close()
    assert first.stdout.readline().startswith("apply ")
    refused = serving.apply()
    assert refused.code == 4, refused.text
    assert f"process {first.pid}, since " in refused.err
    waited = serving.call("apply", "--lock-wait", "200", bundle=serving.bundle())
    first.stdin = None
    out, err = first.communicate()
    assert (first.returncode, waited.code) == (0, 0), out + err + waited.text
    assert serving.answering() == waited.facts["release"]


def test_killed_at_the_switch_the_next_apply_ends_right(serving: Droplet) -> None:
    first = serving.answering()
    with Visitors(serving, paths=("/",)) as visitors:
        _end_at(serving, "switch", signal.SIGKILL)
        outcome = serving.apply()
    assert outcome.code == 0, outcome.text
    assert "was cut short" in outcome.out
    assert visitors.failures == []
    release = outcome.facts["release"]
    assert serving.answering() == release != first
    assert serving.projects() == {"edge", "data", f"app-{release}"}
    names = docker("ps", "--format", "{{.Names}}", "--filter", f"name={serving.namespace}-app-").split()
    assert sum("beat" in name for name in names) == 1
    status = json.loads(serving.call("status", "--json").out)
    assert (status["down"], status["unfinished"], status["locked_by"]) == ([], None, None)


def test_asked_to_stop_it_takes_itself_back(serving: Droplet) -> None:
    release = serving.answering()
    ended = _end_at(serving, "healthy", signal.SIGTERM)
    assert ended.returncode == 1
    assert serving.answering() == release
    assert serving.projects() == {"edge", "data", f"app-{release}"}
    status = json.loads(serving.call("status", "--json").out)
    assert (status["release"], status["unfinished"]) == (release, None)


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


def _end_at(droplet: Droplet, step: str, number: signal.Signals) -> subprocess.Popen[str]:
    """Start a rollout and signal it, and nothing but it, as soon as it has begun a step."""
    journal = droplet.root / "journal.jsonl"
    known = journal.stat().st_size
    process = droplet.start("apply")
    assert process.stdin is not None
    process.stdin.write(json.dumps(droplet.bundle()))
    process.stdin.close()
    while f'"event": "start", "step": "{step}"' not in _since(journal, known):
        assert process.poll() is None, f"it ended before step {step}"
    process.send_signal(number)
    process.stdin = None
    process.communicate()
    return process


def _since(journal: Path, known: int) -> str:
    with journal.open() as stream:
        stream.seek(known)
        return stream.read()
