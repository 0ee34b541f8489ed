"""The servers that the tests of API and Django share, each started when the first test asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.tests.containers import running, wait_until, write_secrets
from apps.tests.post_office import PostOffice, open_post_office
from apps.tests.servers import open_postgres
from apps.tests.stack import (
    MIGRATED,
    REDIS_PASSWORD,
    SIGNING_KEY,
    TOKEN,
    Api,
    Django,
    Postgres,
    Redis,
    django_for,
    running_api,
)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Start Postgres 17 with our roles and an empty database."""
    with open_postgres(tmp_path_factory.mktemp("postgres-secrets")) as server:
        yield server


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """Start Redis 8 with a password."""
    command = ("redis-server", "--requirepass", REDIS_PASSWORD)
    with running("redis:8", ("--publish", "127.0.0.1::6379"), command) as container:
        ping = ("redis-cli", "-a", REDIS_PASSWORD, "--no-auth-warning", "ping")
        wait_until(lambda: container.succeeds(*ping), "Redis answers")
        yield Redis(container, container.port(6379))


@pytest.fixture(scope="session")
def django(postgres: Postgres, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Django:
    """Return Django's command line on the test servers."""
    return django_for(postgres, redis.url, tmp_path_factory.mktemp("django"))


@pytest.fixture(scope="session")
def migrated_template(postgres: Postgres, django: Django) -> str:
    """Migrate once; tests get copies."""
    postgres.recreate()
    django.migrate()
    postgres.sql(f"create database {MIGRATED} template slipway", "postgres")
    return MIGRATED


@pytest.fixture
def empty_database(postgres: Postgres) -> Postgres:
    """Return the server with roles and a database without tables."""
    postgres.recreate()
    return postgres


@pytest.fixture
def database(postgres: Postgres, migrated_template: str) -> Postgres:
    """Return the server with a database that was just migrated, without rows of ours."""
    postgres.recreate(migrated_template)
    return postgres


@pytest.fixture(scope="module")
def module_database(postgres: Postgres, migrated_template: str) -> Postgres:
    """Return the server with a migrated database that the tests of one module share."""
    postgres.recreate(migrated_template)
    return postgres


@pytest.fixture
def tables(module_database: Postgres) -> Postgres:
    """Return the server with a migrated database without rows: emptied for the test, ten times as fast as made anew."""
    module_database.sql(
        "truncate account, item, email_outbox, audit_event, job, idempotent_request, feature_flag "
        "restart identity cascade"
    )
    return module_database


@pytest.fixture(scope="session")
def api_secrets(postgres: Postgres, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the API's secrets for the test servers."""
    return write_secrets(
        tmp_path_factory.mktemp("api") / "secrets",
        database_url=postgres.url("api"),
        redis_url=redis.url,
        verification_token=TOKEN,
        jwt_signing_key=SIGNING_KEY,
    )


@pytest.fixture(scope="session")
def api(api_secrets: Path) -> Iterator[Api]:
    """Run the API for the whole session, so that it also outlives what tests do to its database."""
    with running_api(api_secrets, api_secrets.parent / "api.log") as client:
        yield client


@pytest.fixture(scope="session")
def post_office() -> Iterator[PostOffice]:
    """Run a mail server for the whole session."""
    with open_post_office() as office:
        yield office


@pytest.fixture
def office(post_office: PostOffice) -> PostOffice:
    """Return the mail server, empty and willing."""
    post_office.start_anew()
    return post_office
