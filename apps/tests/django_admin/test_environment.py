from pathlib import Path

import pytest

from apps.tests.containers import write_secrets
from django_admin.environment import DatabaseAddress, Environment
from django_admin.errors import EnvironmentInvalid


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    write_secrets(
        tmp_path,
        database_url="postgresql://slipway_django:p%40ss%2F@postgres:5433/slipway",
        migration_database_url="postgresql://slipway_owner:o@postgres/slipway",
        redis_url="redis://:r@redis/0",
        django_secret_key="s" * 50,
    )
    return {"SECRETS_DIR": str(tmp_path), "RELEASE": "r1", "DOMAIN": "slipway.test"}


def test_the_application_connects_with_its_own_role(variables: dict[str, str]) -> None:
    assert Environment.load(variables).database == DatabaseAddress(
        "slipway", "slipway_django", "p@ss/", "postgres", 5433
    )


def test_the_owner_connects_only_when_asked_for(variables: dict[str, str]) -> None:
    environment = Environment.load({**variables, "DATABASE_ROLE": "owner"})
    assert (environment.database.user, environment.database.port) == ("slipway_owner", 5432)


def test_every_fault_is_told_at_once_and_no_value(tmp_path: Path) -> None:
    write_secrets(tmp_path, database_url="mysql://secret", django_secret_key="secret", redis_url="")
    variables = {"SECRETS_DIR": str(tmp_path), "SEED_DEMO": "perhaps", "MIGRATION_STATEMENT_TIMEOUT_S": "0"}
    with pytest.raises(EnvironmentInvalid) as caught:
        Environment.load(variables)
    message = str(caught.value)
    names = ("RELEASE", "DOMAIN", "SEED_DEMO", "MIGRATION_STATEMENT", "database_url", "django_secret_key", "redis_url")
    assert [name for name in names if name not in message] == []
    assert ": secret" not in message
    assert "//secret" not in message


@pytest.mark.parametrize(("value", "is_wanted"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_demo_items_are_wanted_only_by_a_plain_yes(variables: dict[str, str], value: str, is_wanted: bool) -> None:
    assert Environment.load({**variables, "SEED_DEMO": value}).is_demo_wanted is is_wanted


def test_an_unknown_role_is_refused(variables: dict[str, str]) -> None:
    with pytest.raises(EnvironmentInvalid, match="DATABASE_ROLE must be one of: app, owner"):
        Environment.load({**variables, "DATABASE_ROLE": "postgres"})
