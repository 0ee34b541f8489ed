"""What the tests of this room share."""

import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.build import build
from rollout.tests.droplet import HERE, Droplet, docker
from rollout.tests.machine import Machine, make_machine

TABLE = (
    "create table if not exists item (id int); alter table item add column if not exists title text;"
    "create table if not exists written (id text, release text)"
)
ADDED = "alter table item add column if not exists note text"
DROPPED = "alter table item drop column title"
READ_TITLE = [{"name": "titles", "file": "api/sql/items.sql", "line": 3, "text": "select title from item"}]
READ_ID = [{"name": "ids", "file": "api/sql/items.sql", "line": 3, "text": "select id from item"}]
APPS = {
    "good": READ_TITLE,
    "sick": READ_TITLE,
    "crash": READ_TITLE,
    "liar": READ_TITLE,
    "hungry": READ_TITLE,
    "fades": READ_TITLE,
    "holed": READ_TITLE,
    "ids": READ_ID,
}
DJANGOS = {
    "django-1": TABLE,
    "django-adds": ADDED,
    "django-broken": "select * from nowhere",
    "django-drops": DROPPED,
    "django-slow": "select pg_sleep(60)",
}


@pytest.fixture(scope="session")
def images() -> Iterator[dict[str, str]]:
    """Build the small images; returns their ids by variant."""
    tag = f"rollout-test-{uuid.uuid4().hex[:8]}"
    built = {
        name: build_image("app", f"{tag}:{name}", VARIANT=name, STATEMENTS=json.dumps(sql))
        for name, sql in APPS.items()
    }
    built |= {name: build_image("django", f"{tag}:{name}", MIGRATION=sql) for name, sql in DJANGOS.items()}
    for name, ref in (("postgres", "postgres:17"), ("traefik", "traefik:v3.6.12")):
        built[name] = docker("image", "inspect", "--format", "{{.Id}}", ref)
    yield built
    docker("rmi", *(f"{tag}:{name}" for name in (*APPS, *DJANGOS)))


def build_image(folder: str, ref: str, **arguments: str) -> str:
    """Build one of the small images; returns its id."""
    given = [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
    docker("build", "--quiet", "--tag", ref, *given, str(HERE / "images" / folder))
    return docker("image", "inspect", "--format", "{{.Id}}", ref)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the zipapp that a droplet gets."""
    target = tmp_path_factory.mktemp("engine") / "rollout.pyz"
    build(target)
    return target


@pytest.fixture
def droplet(program: Path, images: dict[str, str], tmp_path: Path) -> Iterator[Droplet]:
    """A clean root; nothing of it stays."""
    made = Droplet(program, tmp_path / "slipway", f"rt{uuid.uuid4().hex[:6]}", images)
    yield made
    made.clean()


@pytest.fixture(scope="module")
def shared(program: Path, images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Droplet]:
    """A root that several tests use one after another."""
    made = Droplet(program, tmp_path_factory.mktemp("droplet") / "slipway", f"rt{uuid.uuid4().hex[:6]}", images)
    yield made
    made.clean()


@pytest.fixture
def serving(shared: Droplet) -> Droplet:
    """The shared root with a release that serves and is well."""
    outcome = shared.apply_again() if (shared.root / "current").exists() else shared.apply()
    assert outcome.code == 0, outcome.text
    return shared


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A fake machine on which nothing was ever deployed."""
    return make_machine(tmp_path / "slipway")


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process, unlike a lost machine, loses nothing that was written; flushing only costs the tests time."""
    if "docker" not in request.keywords:
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)
