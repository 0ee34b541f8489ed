"""Django's pages, called as the edge calls them."""

import json

import pytest

from apps.tests.stack import Django, Postgres

pytestmark = pytest.mark.docker

SIGNED_IN = """
import json
from django.test import Client
from django_admin.accounts.models import User
from django_admin.items.models import Item
user = User.objects.create_superuser("Admin@Example.org", "a good long password")
client = Client(SERVER_NAME="admin.slipway.test", headers={"x-forwarded-proto": "https"})
"""


@pytest.fixture(scope="module")
def collected(django: Django) -> Django:
    done = django.manage("collectstatic", "--noinput")
    assert done.returncode == 0, done.stderr
    return django


def answers(django: Django, code: str) -> list[object]:
    answered: list[object] = json.loads(django.shell(SIGNED_IN + code).splitlines()[-1])
    return answered


def test_the_deployment_check_has_no_complaint(database: Postgres, django: Django) -> None:
    done = django.manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_signing_in_takes_the_email_in_any_case(database: Postgres, collected: Django) -> None:
    code = """
form = {"username": "ADMIN@example.ORG", "password": "a good long password", "next": "/admin/"}
print(json.dumps([client.post("/admin/login/", form).status_code, user.email, user.password.split("$")[1]]))
"""
    assert answers(collected, code) == [302, "admin@example.org", "argon2id"]


def test_the_admin_lists_searches_adds_and_changes_both_models(database: Postgres, collected: Django) -> None:
    code = """
client.force_login(user)
pages = [client.get(path).status_code for path in (
    "/admin/", "/admin/accounts/user/?q=admin&is_staff__exact=1", f"/admin/accounts/user/{user.pk}/change/",
    "/admin/accounts/user/add/", "/admin/items/item/?q=boat&owner__isempty=1", "/admin/items/item/add/")]
added = client.post("/admin/items/item/add/", {"title": "Boat", "description": "", "owner": str(user.pk)})
item = Item.objects.get()
changed = client.post(f"/admin/items/item/{item.pk}/change/", {"title": "Ship", "description": "x", "owner": ""})
item.refresh_from_db()
fields = {"email": "New@Example.org", "display_name": "", "usable_password": "true",
          "password1": "another good password", "password2": "another good password"}
made = client.post("/admin/accounts/user/add/", fields)
print(json.dumps([pages, added.status_code, changed.status_code, item.title, item.updated_at > item.created_at,
                  made.status_code, sorted(User.objects.values_list("email", flat=True))]))
"""
    emails = ["admin@example.org", "new@example.org"]
    assert answers(collected, code) == [[200] * 6, 302, 302, "Ship", True, 302, emails]


def test_plain_http_is_sent_to_https_but_for_the_health_answer(database: Postgres, django: Django) -> None:
    code = """
inside = Client(SERVER_NAME="localhost")
health = inside.get("/health")
print(json.dumps([inside.get("/admin/").status_code, health.status_code, health.json(), health["X-Release"]]))
"""
    health = {"ok": True, "service": "django", "db_ok": True, "release": "20260101-120000-abc1234"}
    assert answers(django, code) == [301, 200, health, "20260101-120000-abc1234"]


def test_another_sites_name_is_refused(database: Postgres, django: Django) -> None:
    code = 'print(json.dumps([Client(SERVER_NAME="evil.example").get("/health").status_code]))'
    assert answers(django, code) == [400]
