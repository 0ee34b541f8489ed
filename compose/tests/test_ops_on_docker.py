"""The operators' tools as they run on a droplet, beside the broker that one of them watches."""

import json

import pytest

from compose.tests.stage import Stage, docker

pytestmark = pytest.mark.docker

PASSWORD = "password-of-redis"
SEND = """
import smtplib
with smtplib.SMTP("mail", 1025, timeout=10) as client:
    client.sendmail("shop@slipway.test", ["ada@example.com"], "Subject: Welcome\\r\\n\\r\\nhttps://slipway.test/x#token=1\\r\\n")
"""
ASK_WITH_HEADERS = """
import sys, urllib.request as u
answer = u.urlopen(sys.argv[1], timeout=10)
print(answer.headers, answer.read().decode())
"""
ASK = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).read().decode())"


@pytest.fixture(scope="module")
def ops(stage: Stage) -> Stage:
    """Redis by its own name, and every tool up and healthy."""
    stage.variables["PGADMIN_EMAIL"] = "ops@example.com"
    stage.run("redis", "--network-alias", "redis", "redis:8", "redis-server", "--requirepass", PASSWORD)
    stage.write("secrets/flower/flower_config", f'broker_url = result_backend = "redis://:{PASSWORD}@redis:6379/0"\n')
    stage.own("1000:1000", "0400", "secrets/flower/flower_config")
    stage.write("secrets/pgadmin/pgadmin_password", PASSWORD)
    stage.own("5050:0", "0400", "secrets/pgadmin/pgadmin_password")
    stage.projects.append(("ops", "ops"))
    stage.compose("ops", "ops", "--profile", "*", "up", "--detach", "--wait", "--wait-timeout", "150")
    return stage


def python(stage: Stage, script: str, *arguments: str) -> str:
    return docker(
        "run", "--rm", "--network", stage.network, "python:3.13-slim-trixie", "python", "-c", script, *arguments
    )


def test_what_is_sent_to_the_catcher_can_be_read_there(ops: Stage) -> None:
    python(ops, SEND)
    listed = json.loads(python(ops, ASK, "http://mail:8025/api/v1/messages"))
    assert [message["Subject"] for message in listed["messages"]] == ["Welcome"]


def test_flower_asks_the_broker_of_its_secret(ops: Stage) -> None:
    """An address without the password would be refused by Redis, and said so in flower's log."""
    said = docker("logs", ops.container("ops", "flower"))
    clients = docker("exec", f"{ops.name}-redis", "redis-cli", "-a", PASSWORD, "--no-auth-warning", "client", "list")
    assert len(clients.splitlines()) > 1, said


def test_pgadmin_asks_who_one_is_and_brings_a_policy_for_its_pages(ops: Stage) -> None:
    said = python(ops, ASK_WITH_HEADERS, "http://pgadmin:5050/login")
    assert "content-security-policy: default-src 'self'" in said.lower()
    assert "pgadmin" in said.lower()


@pytest.mark.parametrize("tool", ["flower", "mail", "pgadmin"])
def test_no_secret_shows_in_a_tool_s_description(tool: str, ops: Stage) -> None:
    assert PASSWORD not in docker("inspect", ops.container("ops", tool))
