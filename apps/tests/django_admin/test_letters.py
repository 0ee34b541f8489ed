"""Every mail in words; Django runs, but no server of any kind."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from apps.tests.containers import write_secrets
from apps.tests.stack import Django

CONTEXT = {"token": "t/o+k", "new_email": "new@harbour.example", "job_id": "0198c0de"}
RENDER = """
import json
from datetime import timedelta
from django_admin.mail.rendering import LETTERS, render
context = {"token": "t/o+k", "new_email": "<b>new@harbour.example", "job_id": "0198c0de"}
print(json.dumps({name: vars(render(name, context, timedelta(hours=48))) for name in LETTERS}))
"""


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    directory: Path = tmp_path_factory.mktemp("django")
    secrets = write_secrets(
        directory,
        database_url="postgresql://nobody@localhost/nothing",
        redis_url="redis://localhost",
        django_secret_key="k" * 60,
    )
    found: dict[str, dict[str, Any]] = json.loads(Django(secrets, directory).shell(RENDER))
    return found


NAMES = (
    *("verify_email", "already_registered", "reset_password", "change_email", "email_changed", "password_changed"),
    *("account_deleted", "export_ready"),
)


def test_there_is_a_letter_for_all_that_the_api_posts(letters: dict[str, Any]) -> None:
    assert set(letters) == set(NAMES)


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("verify_email", "https://slipway.test/verify-email#token=t%2Fo%2Bk"),
        ("change_email", "https://slipway.test/verify-email#token=t%2Fo%2Bk"),
        ("reset_password", "https://slipway.test/reset-password#token=t%2Fo%2Bk"),
        ("already_registered", "https://slipway.test/login"),
        ("already_registered", "https://slipway.test/forgot-password"),
        ("password_changed", "https://slipway.test/forgot-password"),
        ("export_ready", "https://slipway.test/settings/privacy"),
    ],
)
def test_text_and_html_have_the_same_links(letters: dict[str, Any], name: str, link: str) -> None:
    assert link in letters[name]["text"].split()
    assert f'href="{link}"' in letters[name]["html"]


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_whole_and_fetches_nothing(letters: dict[str, Any], name: str) -> None:
    subject, text, html = (letters[name][part] for part in ("subject", "text", "html"))
    assert 10 < len(subject) < 50
    assert "{" not in text
    assert "{{" not in html
    assert max(len(line) for line in text.splitlines()) < 100
    assert "\n\n\n" not in text
    assert f">{subject}</h1>" in html
    # Nothing is loaded when a mail is opened: no picture, no script, no style sheet, so nobody is told of it.
    assert re.findall(r"<img|<script|<link|url\(|src=", html) == []


def test_what_a_user_typed_is_no_markup(letters: dict[str, Any]) -> None:
    assert "<b>new@harbour.example" in letters["email_changed"]["text"]
    assert "<b>new" not in letters["email_changed"]["html"]
    assert "&lt;b&gt;new@harbour.example" in letters["email_changed"]["html"]


@pytest.mark.parametrize("name", ["verify_email", "reset_password", "change_email"])
def test_a_letter_with_a_token_says_how_long_it_is_good_for(letters: dict[str, Any], name: str) -> None:
    for part in ("text", "html"):
        assert "48 hours" in " ".join(letters[name][part].split())
