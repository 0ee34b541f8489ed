from dataclasses import replace
from pathlib import Path

import pytest

from apps.tests.containers import write_secrets
from django_admin.environment import DatabaseAddress, Environment, MailServer
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


def test_a_copy_is_the_same_server_and_another_database(variables: dict[str, str]) -> None:
    live, copy = Environment.load(variables), Environment.load({**variables, "DATABASE_NAME": "slipway_rehearsal"})
    assert (copy.database.name, copy.is_copy, live.is_copy) == ("slipway_rehearsal", True, False)
    assert replace(copy.database, name=live.database.name) == live.database


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


def test_without_a_mail_server_mails_wait(variables: dict[str, str]) -> None:
    mail = Environment.load(variables).mail
    assert (mail.host, mail.sender) == ("", "Slipway <no-reply@slipway.test>")


def test_a_mail_server_is_read_with_its_password(variables: dict[str, str]) -> None:
    write_secrets(Path(variables["SECRETS_DIR"]), smtp_password="p")
    more = {"SMTP_HOST": "mail", "SMTP_PORT": "465", "SMTP_SECURITY": "tls", "SMTP_USER": "u", "MAIL_FROM": "a@b.c"}
    assert Environment.load({**variables, **more}).mail == MailServer("mail", 465, "tls", "u", "p", "a@b.c")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"SMTP_USER": "u"}, "smtp_password cannot be read"),
        ({"SMTP_PORT": "smtp"}, "SMTP_PORT must be a whole number above 0"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY must be one of: none, starttls, tls"),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_refused(
    variables: dict[str, str], more: dict[str, str], fault: str
) -> None:
    with pytest.raises(EnvironmentInvalid, match=fault):
        Environment.load({**variables, **more})
