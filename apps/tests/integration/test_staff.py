"""`manage.py make_staff`: the first account that may do everything in the admin."""

import pytest

from apps.tests.stack import Django, Postgres

pytestmark = pytest.mark.docker

EMAIL = "Operator@Example.com"
PASSWORD = "a lantern over the harbour\n"
RIGHTS = """
select is_active, is_staff, is_superuser, email_verified_at is not null, password like 'argon2$argon2id$%',
       exists (select from profile where account_id = account.id)
from account where email = 'operator@example.com'
"""


def test_an_account_is_made_or_raised_and_its_profile_too(django: Django, database: Postgres) -> None:
    assert django.manage("make_staff", EMAIL, stdin=PASSWORD).returncode == 0
    assert database.sql(RIGHTS) == [(True, True, True, True, True, True)]
    database.sql("update account set is_active = false, is_staff = false, locked_until = now() + interval '1 hour'")
    assert django.manage("make_staff", EMAIL, stdin="another lantern entirely\n").returncode == 0
    assert database.sql(RIGHTS) == [(True, True, True, True, True, True)]
    assert database.sql("select count(*), count(locked_until) from account") == [(1, 0)]


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("nobody", PASSWORD, "valid email"),
        (EMAIL, "wetotters\n", "at least 10"),
        (EMAIL, "password123\n", "too common"),
    ],
)
def test_a_bad_address_or_password_makes_nobody(
    email: str, password: str, said: str, django: Django, database: Postgres
) -> None:
    refused = django.manage("make_staff", email, stdin=password)
    assert refused.returncode != 0
    assert said in refused.stderr
    assert database.sql("select count(*) from account") == [(0,)]
