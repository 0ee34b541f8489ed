"""The data to look at, and the data to measure with."""

import pytest

from apps.tests.stack import Django, Postgres

pytestmark = pytest.mark.docker
TABLES = (
    *("account", "profile", "oauth_account", "auth_session", "refresh_token", "one_time_token", "audit_event"),
    *("item", "email_outbox", "job", "idempotent_request", "feature_flag"),
)


def counts(database: Postgres) -> dict[str, int]:
    return {table: database.sql(f"select count(*) from {table}")[0][0] for table in TABLES}  # noqa: S608 -- constants


def test_the_harbour_fills_every_table_once(database: Postgres, django: Django) -> None:
    assert django.manage("seed").returncode == 0
    first = counts(database)
    assert {table for table, count in first.items() if count < 2} == set()
    assert first["item"] > 150
    again = django.manage("seed")
    assert (again.returncode, again.stdout.strip()) == (0, "harbour: 0 rows added")
    assert counts(database) == first


def test_nobody_of_the_harbour_can_sign_in_unless_asked_for(database: Postgres, django: Django) -> None:
    assert django.manage("seed").returncode == 0
    assert database.sql("select count(*) from account where password not like '!%'") == [(0,)]


def test_with_a_password_everybody_can(database: Postgres, django: Django) -> None:
    assert django.manage("seed", "--password", "seven wet otters hum").returncode == 0
    code = """
from django.contrib.auth import authenticate
print(authenticate(None, username="maren.holt@harbour.example", password="seven wet otters hum"))
"""
    assert django.shell(code) == "maren.holt@harbour.example"


def test_items_and_accounts_come_up_to_the_number_asked_for(database: Postgres, django: Django) -> None:
    done = django.manage("seed", "--items", "30000", "--users", "1500")
    assert done.returncode == 0, done.stderr
    assert counts(database)["item"] == 30_000
    assert counts(database)["account"] == 1524
    assert counts(database)["profile"] == 1524
    assert django.manage("seed", "--items", "30000", "--users", "1500").stdout.endswith("items: 0 added\n")
    ((owners, titles),) = database.sql("select count(distinct owner_id), count(distinct title) from item")
    assert owners > 1000
    assert titles > 29_800
