"""Postgres and Redis as a deployment has them, migrated and filled by Django's own commands."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import yaml

from benchmarks.api.containers import LOAD_CORE, Container, running
from benchmarks.page import ROOT

DJANGO = ROOT / "apps" / "django_admin"
DOMAIN = "slipway.test"
RELEASE = "20260101-120000-bench00"
ITEMS = 1_000_000
ASKED_ITEMS = 1000
ROLES = ("postgres", "owner", "django", "api")
# Seeding only: rows made by a server that waits for no disk are the same rows.
HASTY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_wal_size=4GB")


@dataclass(frozen=True)
class Data:
    """The data services of a run and what their clients must know."""

    postgres: Container
    redis: Container
    passwords: dict[str, str]
    signing_key: str = field(default_factory=lambda: secrets.token_hex(32))
    seeded_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def url(self, role: str) -> str:
        """Return the URL by which a role connects."""
        user = role if role == "postgres" else f"slipway_{role}"
        return f"postgresql://{user}:{self.passwords[role]}@{self.postgres.address}:5432/slipway"

    @property
    def redis_url(self) -> str:
        """Return the URL by which clients connect."""
        return f"redis://:{self.passwords['redis']}@{self.redis.address}:6379/0"

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run statements as superuser and return the rows of the last."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def forget_new_items(self) -> None:
        """Take away what was posted, so that every page is made of the same rows; those of the seed are older."""
        if self.sql(f"delete from item where created_at > timestamptz '{self.seeded_at}' returning 1"):  # noqa: S608
            self.sql("vacuum (analyze) item")


@dataclass(frozen=True)
class Seeded:
    """Whom requests come from and what they ask for."""

    account_id: UUID
    session_id: UUID
    item_ids: list[UUID]


def production(service: str) -> list[str]:
    """Return the command by which a deployment starts a data service."""
    compose = yaml.safe_load((ROOT / "compose" / "data.yml").read_text("utf-8"))
    return [word.replace("$$", "$") for word in compose["services"][service]["command"]]


def write_secrets(directory: Path, **values: str) -> Path:
    """Write secret files as a container finds them."""
    directory.mkdir(parents=True)
    directory.chmod(0o755)
    for name, value in values.items():
        (directory / name).write_text(value, "utf-8")
    return directory


@contextmanager
def data_services(room: Path) -> Iterator[Data]:
    """Run both, the database full, for as long as the block does."""
    passwords = {name: secrets.token_hex(16) for name in (*ROLES, "redis")}
    files = write_secrets(room / "data", **{f"{name}_password": password for name, password in passwords.items()})
    mounts = ("--volume", f"{files}:/run/secrets:ro")
    cluster = room / "postgres"
    storage = (*mounts, "--volume", f"{cluster}:/var/lib/postgresql/data", "--shm-size", "64m")
    roles = ("--volume", f"{ROOT / 'compose/data'}:/etc/slipway:ro")
    first = ("--env", "POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password")
    init = ("--env", "POSTGRES_INITDB_ARGS=--data-checksums --auth-host=scram-sha-256")
    command = production("postgres")
    with ExitStack() as stack:
        redis = stack.enter_context(running("redis", LOAD_CORE, "redis:8", mounts, production("redis")))
        options = (*storage, *roles, *first, *init)
        with running("seeding", f"{LOAD_CORE},0", "postgres:17", options, [*command, *HASTY]) as container:
            wait_for_postgres(container)
            container.run("su", "postgres", "-c", "psql -X -v ON_ERROR_STOP=1 -q -f /etc/slipway/roles.sql")
            fill(Data(container, redis, passwords), room)
            stop(container)
        postgres = stack.enter_context(running("postgres", LOAD_CORE, "postgres:17", storage, command))
        wait_for_postgres(postgres)
        yield Data(postgres, redis, passwords)


def wait_for_postgres(container: Container) -> None:
    """Wait for the server, which takes connections over TCP only once it is initialised."""
    command = ["docker", "exec", container.name, "pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres"]
    container.wait_until(lambda: subprocess.run(command, capture_output=True, check=False).returncode == 0)


def stop(container: Container) -> None:
    """Stop a server in order, so that everything is on the disk."""
    subprocess.run(["docker", "stop", "--time", "90", container.name], capture_output=True, check=True)


def fill(data: Data, room: Path) -> None:
    """Migrate and seed as a release and a person would."""
    files = write_secrets(
        room / "django",
        database_url=data.url("django"),
        migration_database_url=data.url("owner"),
        redis_url=data.redis_url,
        django_secret_key=secrets.token_hex(32),
    )
    settings = {"SECRETS_DIR": str(files), "RELEASE": RELEASE, "DOMAIN": DOMAIN, "DATABASE_ROLE": "owner"}
    environment = {**os.environ, **settings, "STATIC_ROOT": str(room / "static")}
    for command in (["migrate", "--noinput"], ["seed", "--items", str(ITEMS)]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=DJANGO,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    data.sql("vacuum (analyze) item")
    data.sql("checkpoint")


def sign_in(data: Data) -> Seeded:
    """Open a session of one owner of items and choose the items that are asked for, from all over the table."""
    ((account_id,),) = data.sql("select account_id from profile join account on id = account_id limit 1")
    ((session_id,),) = data.sql(
        "insert into auth_session (account_id, expires_at) "  # noqa: S608 -- a UUID of our own
        f"values ('{account_id}', now() + interval '1 day') returning id"
    )
    every = ITEMS // ASKED_ITEMS
    chosen = data.sql(
        f"select id from (select id, row_number() over (order by id) as n from item) as i where n % {every} = 0 "  # noqa: S608
        f"limit {ASKED_ITEMS}"
    )
    return Seeded(account_id, session_id, [row[0] for row in chosen])
