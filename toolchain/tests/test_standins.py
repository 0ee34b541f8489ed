"""Each image honours the contract of the official one: these hold for a stand-in and for the real thing alike."""

from __future__ import annotations

import json
import re
import smtplib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.docker

PATIENCE_S = 300
HARDENED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")


def docker(*argv: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    words = ["docker", *(str(word) for word in argv)]
    return subprocess.run(words, input=stdin, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def out(*argv: str | Path) -> str:
    done = docker(*argv)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


class Container:
    """A container of a test."""

    def __init__(self, identity: str) -> None:
        self.id = identity

    def exec(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return docker("exec", self.id, *argv)

    def logs(self) -> str:
        done = docker("logs", self.id)
        return done.stdout + done.stderr

    def await_exec(self, *argv: str) -> str:
        """Repeat a command inside until it succeeds."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            done = self.exec(*argv)
            if done.returncode == 0:
                return done.stdout.strip()
            assert time.monotonic() < deadline, self.logs() + done.stderr
            time.sleep(0.1)

    def await_log(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.logs():
            assert time.monotonic() < deadline, self.logs()
            time.sleep(0.1)

    def user(self) -> str:
        """Return the numbers under which the first process runs."""
        status = self.await_exec("cat", "/proc/1/status")
        numbers = {line.split()[0]: line.split()[2] for line in status.splitlines() if line.startswith(("Uid", "Gid"))}
        return f"{numbers['Uid:']}:{numbers['Gid:']}"


Start = Callable[..., Container]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Container] = []

    def run(*argv: str | Path) -> Container:
        container = Container(out("run", "--detach", "--label", "slipway.test=toolchain", *argv))
        started.append(container)
        return container

    yield run
    for container in started:
        out("rm", "--force", "--volumes", container.id)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Give a folder that any user of a container may read, unlike pytest's own."""
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    return folder


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("s3cret\n")
    path.chmod(0o644)
    return path


def query(container: Container, sql: str, *, database: str = "app") -> str:
    return container.await_exec("psql", f"postgresql://postgres:s3cret@127.0.0.1/{database}", "-XAtc", sql)


def test_postgres_reads_its_password_from_a_file_as_an_unprivileged_user_on_a_read_only_system(
    start: Start, secret: Path, tmp_path: Path
) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    (scripts / "1.sql").write_text("create table note (text text);")
    (scripts / "2.sh").write_text(
        'psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -c "insert into note values (\'from a script\')"'
    )
    postgres = start(
        *("--user", "999:999", *HARDENED),
        *("--tmpfs", "/var/run/postgresql:uid=999,gid=999", "--tmpfs", "/tmp"),
        *("--volume", f"{secret}:/run/secrets/password:ro", "--volume", f"{scripts}:/docker-entrypoint-initdb.d:ro"),
        *("--env", "POSTGRES_PASSWORD_FILE=/run/secrets/password", "--env", "POSTGRES_DB=app"),
        "postgres:17",
    )
    assert query(postgres, "select text from note") == "from a script"
    assert query(postgres, "show server_version").startswith("17.")
    assert query(postgres, "show listen_addresses") == "*"
    assert (
        query(postgres, "select setting from pg_settings where name = 'data_directory'") == "/var/lib/postgresql/data"
    )
    assert query(postgres, "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'postgres'") == "t"
    assert postgres.user() == "999:999"
    wrong = postgres.exec("sh", "-c", "psql postgresql://postgres:wrong@$(hostname -i)/app -c 'select 1'")
    assert "password authentication failed" in wrong.stderr


def test_postgres_started_by_root_serves_as_its_own_user_and_keeps_its_data_over_a_restart(start: Start) -> None:
    arguments = ("--env", "POSTGRES_USER=me", "--env", "POSTGRES_PASSWORD=x", "postgres:17", "-c", "max_connections=17")
    postgres = start(*arguments)
    postgres.await_exec("psql", "-h", "127.0.0.1", "-U", "me", "-c", "create table kept ()")
    out("restart", postgres.id)
    found = postgres.await_exec(
        "psql", "-U", "me", "-XAtc", "select to_regclass('kept'), current_setting('max_connections')"
    )
    assert found == "kept|17"
    assert postgres.user() == "999:999"


def test_a_new_postgres_without_a_password_says_what_to_give(start: Start) -> None:
    postgres = start("postgres:17")
    assert out("wait", postgres.id) == "1"
    assert "POSTGRES_PASSWORD" in postgres.logs()


def test_redis_asks_for_its_password_and_answers_other_containers(start: Start) -> None:
    redis = start("--user", "999:1000", *HARDENED, "redis:8", "redis-server", "--requirepass", "s3cret")
    assert redis.await_exec("redis-cli", "--no-auth-warning", "-a", "s3cret", "ping") == "PONG"
    assert "NOAUTH" in redis.exec("redis-cli", "ping").stdout
    remote = redis.exec("sh", "-c", "redis-cli --no-auth-warning -a s3cret -h $(hostname -i) info server")
    assert "redis_version:8." in remote.stdout


def test_redis_started_by_root_serves_as_its_own_user_without_protected_mode(start: Start) -> None:
    redis = start("redis:8", "--appendonly", "yes")
    assert redis.await_exec("sh", "-c", "redis-cli -h $(hostname -i) set a b") == "OK"
    assert redis.exec("redis-cli", "config", "get", "appendonly").stdout.split() == ["appendonly", "yes"]
    assert redis.user() == "999:1000"


def test_nginx_fills_templates_serves_them_and_ends_gracefully(start: Start, shared: Path) -> None:
    (shared / "app.conf.template").write_text(
        'server { listen 8080; location / { add_header X-Release ${RELEASE}; return 200 "$request_uri"; } }'
    )
    nginx = start(
        *("--user", "101:101", *HARDENED, "--env", "RELEASE=r-1"),
        *("--tmpfs", "/var/cache/nginx:uid=101,gid=101", "--tmpfs", "/run:uid=101,gid=101"),
        *("--tmpfs", "/etc/nginx/conf.d:uid=101,gid=101"),
        *("--volume", f"{shared}:/etc/nginx/templates:ro"),
        "nginx:1.28",
    )
    nginx.await_log("start worker process")
    address = out("inspect", "--format", "{{.NetworkSettings.IPAddress}}", nginx.id)
    fetched = docker("run", "--rm", "python:3.13-slim-trixie", "python", "-c", FETCH, f"http://{address}:8080/deep?x=1")
    assert fetched.stdout.split() == ["200", "r-1", "/deep?x=1"], fetched.stderr
    assert '"GET /deep?x=1 HTTP/1.1" 200' in nginx.logs()
    out("stop", nginx.id)
    assert "gracefully shutting down" in nginx.logs()


FETCH = """
import sys, urllib.request
answer = urllib.request.urlopen(sys.argv[1])
print(answer.status, answer.headers["X-Release"], answer.read().decode())
"""


def test_python_installs_by_hash_where_the_official_image_does(shared: Path) -> None:
    wanted = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"
    (shared / "requirements.txt").write_text(f"{wanted}\n")
    script = (
        "pip install --quiet --disable-pip-version-check --require-hashes -r /in/requirements.txt\n"
        "python -c 'import six, sys; print(six.__file__, *sys.version_info[:2])'\n"
        "python -m venv /venv && /venv/bin/pip --version >&2\n"
        "for name in python python3 pip; do command -v $name; done"
    )
    volume = f"{shared}:/in:ro"
    lines = out("run", "--rm", "--volume", volume, "python:3.13-slim-trixie", "sh", "-euc", script)
    assert lines.splitlines() == [
        "/usr/local/lib/python3.13/site-packages/six.py 3 13",
        "/usr/local/bin/python",
        "/usr/local/bin/python3",
        "/usr/local/bin/pip",
    ]


def test_node_has_the_versions_user_and_lock_format_of_the_official_image(shared: Path) -> None:
    (shared / "package.json").write_text(json.dumps({"name": "x", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}}))
    script = (
        "mkdir /tmp/x && cp /in/package.json /tmp/x && cd /tmp/x && npm install --silent && npm ci --silent && "
        'node -p \'require("ms")("2m") + " " + require("./package-lock.json").lockfileVersion\' && id -u'
    )
    volume = f"{shared}:/in:ro"
    lines = out("run", "--rm", "--user", "node", "--volume", volume, "node:22-trixie-slim", "sh", "-euc", script)
    assert lines.split() == ["120000", "3", "1000"]
    assert out("run", "--rm", "node:22-trixie-slim", "-p", "process.versions.node").startswith("22.")


def test_traefik_takes_options_and_its_own_commands() -> None:
    assert "3.6.12" in out("run", "--rm", "traefik:v3.6.12", "version")
    assert "3.6.12" in out("run", "--rm", "traefik:v3.6.12", "traefik", "version")


def test_traefik_answers_its_health_check(start: Start) -> None:
    traefik = start(
        "--user", "65532:65532", *HARDENED, "traefik:v3.6.12", "--ping", "--entrypoints.traefik.address=:8082"
    )
    assert traefik.await_exec("traefik", "healthcheck", "--ping", "--entrypoints.traefik.address=:8082").startswith(
        "OK"
    )


def test_mailpit_takes_mail_and_shows_it(start: Start) -> None:
    ports = ("--publish", "127.0.0.1::1025", "--publish", "127.0.0.1::8025")
    mailpit = start("--user", "10002:10002", *HARDENED, "--tmpfs", "/tmp", *ports, "axllent/mailpit:v1.27.11")
    mailpit.await_exec("/mailpit", "readyz")
    smtp, web = (out("port", mailpit.id, port).rpartition(":")[2] for port in ("1025", "8025"))
    with smtplib.SMTP("127.0.0.1", int(smtp), timeout=10) as client:
        client.sendmail("shop@example.com", ["ada@example.com"], "Subject: A subject\r\n\r\nA body\r\n")
    with httpx.Client(base_url=f"http://127.0.0.1:{web}", timeout=10, trust_env=False) as browser:
        (message,) = browser.get("/api/v1/messages").json()["messages"]
        assert message["Subject"] == "A subject"
        script = re.search(r'src="(/dist/app\.js[^"]*)"', browser.get("/").text)
        assert script is not None
        assert len(browser.get(script[1]).content) > 100_000


def test_flower_answers_its_health_check(start: Start) -> None:
    flower = start(*HARDENED, "--tmpfs", "/tmp", "mher/flower:2.0.1")
    check = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:5555/healthcheck', timeout=3).status)"
    assert flower.await_exec("python", "-c", check) == "200"
    assert flower.user() == "1000:1000"


def test_the_registry_keeps_what_is_pushed(start: Start) -> None:
    registry = start("--publish", "127.0.0.1::5000", "registry:2")
    port = out("port", registry.id, "5000").rpartition(":")[2]
    registry.await_log("listening on")
    reference = f"127.0.0.1:{port}/toolchain-test/redis:1"
    out("tag", "redis:8", reference)
    try:
        out("push", reference)
    finally:
        out("image", "rm", reference)
    assert registry.exec("ls", "/var/lib/registry/docker/registry/v2/repositories").stdout.split() == ["toolchain-test"]


def test_pebble_serves_its_directory_under_its_test_certificate(start: Start) -> None:
    pebble = start("ghcr.io/letsencrypt/pebble:latest")
    pebble.await_log("ACME directory available")
    address = out("inspect", "--format", "{{.NetworkSettings.IPAddress}}", pebble.id)
    script = (
        "import json, ssl, urllib.request, sys\n"
        "context = ssl._create_unverified_context()\n"
        "print(sorted(json.load(urllib.request.urlopen(sys.argv[1], context=context)))[:3])"
    )
    found = out("run", "--rm", "python:3.13-slim-trixie", "python", "-c", script, f"https://{address}:14000/dir")
    assert found == "['keyChange', 'meta', 'newAccount']"
