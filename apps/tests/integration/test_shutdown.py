"""How an API process goes: it says so, takes what comes for a moment more, and finishes what it has begun."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest

from apps.tests.containers import wait_until
from apps.tests.people import add_person
from apps.tests.stack import API_ROOT, UNLIMITED, Postgres, environment, free_port, is_listening

pytestmark = pytest.mark.docker


def test_readiness_goes_first_and_a_request_in_hand_is_finished(
    tables: Postgres, api_secrets: Path, tmp_path: Path
) -> None:
    person = add_person(tables)
    ((item,),) = tables.sql(f"insert into item (owner_id, title) values ('{person.id}', 'One') returning id")  # noqa: S608
    port = free_port()
    variables = {**UNLIMITED, "API_HOST": "127.0.0.1", "API_PORT": str(port), "METRICS_PORT": str(free_port())}
    more = {"SHUTDOWN_NOTICE_S": "3", "DATABASE_STATEMENT_TIMEOUT_S": "60"}
    with (tmp_path / "log").open("w") as log, ThreadPoolExecutor(1) as thread, httpx.Client(timeout=60) as client:
        server = subprocess.Popen(
            [sys.executable, "-m", "api"],
            cwd=API_ROOT,
            env=environment(api_secrets, **{**variables, **more}),
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(lambda: is_listening(port), "the API listens")
            url = f"http://127.0.0.1:{port}"
            with psycopg.connect(tables.url("django")) as other:
                other.execute("select id from item where id = %s for update", [item])
                slow = thread.submit(
                    httpx.patch, f"{url}/items/{item}", json={"title": "Two"}, headers=person.bearer, timeout=60
                )
                waiting = (
                    "select count(*) from pg_stat_activity where usename = 'slipway_api' and wait_event_type = 'Lock'"
                )
                wait_until(lambda: tables.sql(waiting) == [(1,)], "the request waits for the row")
                os.kill(server.pid, signal.SIGTERM)
                wait_until(lambda: client.get(f"{url}/health").status_code == 503, "the API says that it goes")
                assert client.get(f"{url}/health").json()["detail"] == "This process is about to stop."
                assert client.get(f"{url}/items").status_code == 200
                wait_until(lambda: not is_listening(port), "the API takes no more connections")
                assert server.poll() is None
            answer = slow.result(timeout=60)
            assert (answer.status_code, answer.json()["title"]) == (200, "Two")
            assert server.wait(timeout=60) == 0
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
