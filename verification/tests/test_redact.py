from __future__ import annotations

import pytest

from verification.artifacts.redact import HIDDEN, Redactor


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("DATABASE=postgresql://slipway_api:hunter2hunter2@postgres:5432/slipway", "hunter2hunter2"),
        ("redis://:s3cr3tpassword@redis:6379/0", "s3cr3tpassword"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\nnNza\n-----END OPENSSH PRIVATE KEY-----", "b3Blb"),
        ("admin:$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234", "$2y$10$"),
        ("token dop_v1_" + "a1" * 32, "dop_v1_a1a1"),
        ("Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl", "eyJzdWIiOiJhYmMifQ"),
        ("POSTGRES_PASSWORD=correcthorse", "correcthorse"),
        ('{"django_secret_key": "abcdef0123456789"}', "abcdef0123456789"),
        ("api_key: 'abcd1234efgh'", "abcd1234efgh"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, secret: str) -> None:
    hidden = Redactor()(text)
    assert secret not in hidden
    assert HIDDEN in hidden


def test_known_values_are_hidden_wherever_they_stand() -> None:
    assert Redactor(["pa55word"])("xpa55wordy and pa55word") == f"x{HIDDEN}y and {HIDDEN}"


def test_a_longer_known_value_goes_before_its_part() -> None:
    assert Redactor(["abcd", "abcdefgh"])("abcdefgh") == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "service api is healthy",
        "postgresql://postgres:5432/slipway",
        "secrets: [admin_users]",
        "file: /srv/slipway/secrets/postgres/postgres_password",
        "0 secrets, 3 tokens",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert Redactor(["hunter2hunter2"])(text) == text
