from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from apps.tests.containers import docker, wait_until
from apps.tests.stack import Postgres, Redis, running_api

pytestmark = pytest.mark.docker
AT_ONCE_S = 8.0


@pytest.fixture
def fresh_api(database: Postgres, api_secrets: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    with running_api(api_secrets, tmp_path / "api.log") as client:
        yield client


def ask_at_once(api: httpx.Client, path: str) -> httpx.Response:
    """Ask with a limit that no waiting for a server that hangs would keep, and a loaded machine does."""
    return api.get(path, timeout=AT_ONCE_S)


def test_all_is_well_with_both_servers(database: Postgres, redis: Redis, api: httpx.Client) -> None:
    answer = api.get("/health")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True


def test_the_api_survives_the_database_going_and_coming_back(postgres: Postgres, fresh_api: httpx.Client) -> None:
    assert fresh_api.get("/items").status_code == 200
    postgres.stop()
    try:
        health = ask_at_once(fresh_api, "/health")
        items = ask_at_once(fresh_api, "/items")
    finally:
        postgres.start()
    assert (health.status_code, health.json()["db_ok"], health.json()["redis_ok"]) == (503, False, True)
    assert (items.status_code, items.json()["type"]) == (503, "urn:slipway:problem:database-unavailable")
    wait_until(lambda: fresh_api.get("/health").status_code == 200, "the API found the database again")
    assert fresh_api.get("/items").status_code == 200


def test_a_database_that_hangs_does_not_hang_the_health_answer(postgres: Postgres, fresh_api: httpx.Client) -> None:
    assert fresh_api.get("/items").status_code == 200
    docker("pause", postgres.container.name)
    try:
        health = ask_at_once(fresh_api, "/health")
    finally:
        docker("unpause", postgres.container.name)
    assert (health.status_code, health.json()["db_ok"]) == (503, False)
    wait_until(lambda: fresh_api.get("/health").status_code == 200, "the API found the database again")


def test_the_api_starts_while_the_database_is_down(
    postgres: Postgres, database: Postgres, api_secrets: Path, tmp_path: Path
) -> None:
    postgres.stop()
    try:
        with running_api(api_secrets, tmp_path / "api.log") as api:
            assert ask_at_once(api, "/health").status_code == 503
            postgres.start()
            wait_until(lambda: api.get("/items").status_code == 200, "the API found the database")
    finally:
        postgres.start()


def test_redis_down_is_told_and_items_stay(redis: Redis, fresh_api: httpx.Client) -> None:
    docker("pause", redis.container.name)
    try:
        health = ask_at_once(fresh_api, "/health")
        items = ask_at_once(fresh_api, "/items")
    finally:
        docker("unpause", redis.container.name)
    assert (health.status_code, health.json()["db_ok"], health.json()["redis_ok"]) == (503, True, False)
    assert items.status_code == 200
    wait_until(lambda: fresh_api.get("/health").status_code == 200, "the API found Redis again")
