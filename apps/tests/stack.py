"""What the tests use of a running system: the data services, Django's commands and the API's process."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import httpx
import psycopg

from apps.tests.containers import Container, docker, wait_until, write_secrets

ROOT = Path(__file__).parents[2]
API_ROOT = ROOT / "apps" / "api"
DJANGO_ROOT = ROOT / "apps" / "django_admin"
ROLES_SQL = ROOT / "compose" / "data" / "roles.sql"
RELEASE = "20260101-120000-abc1234"
TOKEN = "verification-token-of-the-tests"
SIGNING_KEY = "a signing key of the tests, long enough for HS256"
# Whatever a generator may put into a password must survive psql, URLs and settings.
PASSWORDS = {name: f"{name} p'a\"ss\\$word%/@:" for name in ("postgres", "owner", "django", "api")}
REDIS_PASSWORD = "redis-password"
MIGRATED = "slipway_migrated"


@dataclass(frozen=True)
class Postgres:
    """A server with our roles."""

    container: Container
    port: int

    def url(self, role: str, database: str = "slipway") -> str:
        """Return the URL by which a role connects from this machine."""
        return f"postgresql://slipway_{role}:{quote(PASSWORDS[role], safe='')}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "slipway") -> list[tuple[Any, ...]]:
        """Run statements as superuser and return the rows of the last."""
        url = f"postgresql://postgres:{quote(PASSWORDS['postgres'], safe='')}@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def apply_roles(self) -> str:
        """Run roles.sql as a release does."""
        return self.container.run(
            "psql", "-X", "-v", "ON_ERROR_STOP=1", "-f", "/etc/slipway/roles.sql", user="postgres"
        )

    def recreate(self, template: str = "template0") -> None:
        """Make the database anew, empty or as a copy of another."""
        self.sql("drop database if exists slipway with (force)", "postgres")
        self.sql(f"create database slipway owner slipway_owner template {template}", "postgres")
        if template == "template0":
            self.apply_roles()
        else:  # a copy has everything but the rights on the database itself
            self.sql("revoke all on database slipway from public", "postgres")
            self.sql("grant connect on database slipway to slipway_django, slipway_api", "postgres")

    def stop(self) -> None:
        """Take the server away as an outage does."""
        docker("stop", "--time", "20", self.container.name)

    def start(self) -> None:
        """Bring it back on the same port."""
        docker("start", self.container.name)
        wait_until(self.is_ready, "Postgres answers")

    def is_ready(self) -> bool:
        """Tell whether it takes connections over TCP, which it does only once initialised."""
        return self.container.succeeds("pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres")


@dataclass(frozen=True)
class Redis:
    """A server with a password."""

    container: Container
    port: int

    @property
    def url(self) -> str:
        """Return the URL by which clients connect from this machine."""
        return f"redis://:{REDIS_PASSWORD}@127.0.0.1:{self.port}/0"


def environment(secrets: Path, **more: str) -> dict[str, str]:
    """Return the variables of a process of ours, and nothing else of this shell's but what Python needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "SECRETS_DIR": str(secrets), "RELEASE": RELEASE, "DOMAIN": "slipway.test", **more}


@dataclass(frozen=True)
class Django:
    """Django's command line on the test servers."""

    secrets: Path
    static_root: Path

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables of a Django process."""
        return environment(self.secrets, STATIC_ROOT=str(self.static_root), PYTHONWARNINGS="default", **more)

    def manage(
        self,
        *arguments: str,
        stdin: str | None = None,
        variables: Mapping[str, str] | None = None,
        timeout_s: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=DJANGO_ROOT,
            env=self.environment(**(variables or {})),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def migrate(self, *arguments: str) -> str:
        """Run Django's own migrate as the owner; fail if it fails."""
        done = self.manage("migrate", "--noinput", *arguments, variables={"DATABASE_ROLE": "owner"})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python inside Django; fail if it fails."""
        done = self.manage("shell", "--no-imports", "--command", code)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


def django_for(postgres: Postgres, redis_url: str, directory: Path) -> Django:
    """Return Django's command line with secrets for these servers."""
    secrets = write_secrets(
        directory / "django",
        database_url=postgres.url("django"),
        migration_database_url=postgres.url("owner"),
        redis_url=redis_url,
        django_secret_key="a key of the tests, long enough and of many letters 0123456789",
    )
    return Django(secrets, directory / "static")


def free_port() -> int:
    """Return a port that nothing listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def process(command: list[str], cwd: Path, variables: dict[str, str], log: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server and end it as compose does; it must go by itself."""
    started = subprocess.Popen(command, cwd=cwd, env=variables, stdout=log, stderr=subprocess.STDOUT, text=True)
    try:
        yield started
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=120) in {0, -signal.SIGTERM}, Path(log.name).read_text(encoding="utf-8")
    finally:
        if started.poll() is None:
            started.kill()
            started.wait()


class Api(httpx.Client):
    """A client of one API process, which also reads that process's metrics."""

    def __init__(self, port: int, metrics_port: int) -> None:
        super().__init__(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self.port = port
        self.metrics_port = metrics_port

    def metric(self, line: str) -> float:
        """Return the value of a metric, named with its labels as the page has them; 0 if it is not there yet."""
        found = (float(one.rsplit(" ", 1)[1]) for one in self.metrics().splitlines() if one.startswith(f"{line} "))
        return next(found, 0)

    def metrics(self) -> str:
        """Return the whole page."""
        return httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics").text


# Tests ask more in a minute than a person does; those of the limits set them.
UNLIMITED = {
    "RATE_LIMIT_API_RPM": "1000000",
    "RATE_LIMIT_LOGIN_RPM": "1000000",
    "RATE_LIMIT_REGISTER_RPM": "1000000",
    "RATE_LIMIT_MAIL_PER_15_MIN": "1000000",
    "SHUTDOWN_NOTICE_S": "0",
}


@contextmanager
def running_api(secrets: Path, log_path: Path, **variables: str) -> Iterator[Api]:
    """Run the API and lend a client of it."""
    port, metrics_port = free_port(), free_port()
    ports = {"API_HOST": "127.0.0.1", "API_PORT": str(port), "METRICS_PORT": str(metrics_port)}
    with (
        log_path.open("w", encoding="utf-8") as log,
        process(
            [sys.executable, "-m", "api"],
            API_ROOT,
            environment(secrets, **{**UNLIMITED, **ports, **variables}),
            log,
        ),
        Api(port, metrics_port) as client,
    ):
        wait_until(lambda: is_listening(port), "the API listens")
        yield client


def is_listening(port: int) -> bool:
    """Tell whether something takes connections on a port of this machine."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
