import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from apps.tests.containers import wait_until
from apps.tests.stack import DJANGO_ROOT, RELEASE, TOKEN, Django, Postgres, Redis, process

pytestmark = pytest.mark.docker
HEADERS = {"X-Verification-Token": TOKEN}


@pytest.fixture(scope="module")
def heartbeats(django: Django, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Run a worker and a beat with the command lines of the deployment."""
    directory = tmp_path_factory.mktemp("celery")
    variables = django.environment(HEARTBEAT_DIR=str(directory))
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "django_admin"]
    worker = [*celery, "worker", "--concurrency=1", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", f"--schedule={directory / 'schedule'}", "--pidfile="]
    with ExitStack() as stack:
        for name, command in (("worker", worker), ("beat", beat)):
            log = stack.enter_context((directory / f"{name}.log").open("w", encoding="utf-8"))
            stack.enter_context(process(command, DJANGO_ROOT, variables, log))
        yield directory


def is_well(name: str, directory: Path, django: Django) -> bool:
    command = [sys.executable, "-m", "django_admin.healthcheck", name]
    variables = django.environment(HEARTBEAT_DIR=str(directory))
    return not subprocess.run(command, cwd=DJANGO_ROOT, env=variables, capture_output=True, check=False).returncode


def test_a_ping_goes_through_the_queue_and_back(heartbeats: Path, database: Postgres, api: httpx.Client) -> None:
    sent = api.post("/celery/ping", headers=HEADERS)
    assert sent.status_code == 200
    path = f"/celery/result/{sent.json()['task_id']}"
    wait_until(lambda: api.get(path, headers=HEADERS).json()["ready"], "the worker answered")
    assert api.get(path, headers=HEADERS).json() == {
        "task_id": sent.json()["task_id"],
        "state": "SUCCESS",
        "ready": True,
        "result": {"pong": True, "release": RELEASE},
        "error": None,
    }


def test_a_result_expires(heartbeats: Path, api: httpx.Client, redis: Redis) -> None:
    task_id = api.post("/celery/ping", headers=HEADERS).json()["task_id"]
    wait_until(lambda: api.get(f"/celery/result/{task_id}", headers=HEADERS).json()["ready"], "the worker answered")
    key = f"celery-task-meta-{task_id}"
    left = redis.container.run("redis-cli", "-a", "redis-password", "--no-auth-warning", "ttl", key)
    assert 3000 < int(left) <= 3600


def test_an_unknown_task_is_pending(redis: Redis, database: Postgres, api: httpx.Client) -> None:
    answer = api.get("/celery/result/0198c0de-0000-7000-8000-000000000000", headers=HEADERS).json()
    assert (answer["state"], answer["ready"]) == ("PENDING", False)


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_worker_and_beat_show_signs_of_life(heartbeats: Path, django: Django, name: str) -> None:
    wait_until(lambda: is_well(name, heartbeats, django), f"{name} is well")
