from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from verification.artifacts.redact import HIDDEN, Redactor

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl"
BCRYPT = "$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nnNzaAAAA\n-----END OPENSSH PRIVATE KEY-----"
SHAPES = {
    "DSN": ("postgresql://slipway_api:hunter2hunter2@postgres:5432/slipway", "hunter2hunter2"),
    "DSN without user": ("redis://:s3cr3tpassword@redis:6379/0", "s3cr3tpassword"),
    "DSN of words": ("host=postgres user=api password=hunter2hunter2 dbname=slipway", "hunter2hunter2"),
    "private key": (KEY, "b3BlbnNzaC1rZXk"),
    "RSA key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow"),
    "key cut off": ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg", "MIIEvQIBADANBg"),
    "key in JSON": (json.dumps({"pem": KEY}), "b3BlbnNzaC1rZXk"),
    "PGP key": ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYB\n-----END PGP PRIVATE KEY BLOCK-----", "lQOYB"),
    "age key": ("AGE-SECRET-KEY-1" + "Q" * 58, "QQQQ"),
    "bcrypt": (f"admin:{BCRYPT}", "abcdefghij"),
    "apr1": ("admin:$apr1$abcdefgh$ABCDEFGHIJKLMNOPQRSTUV", "ABCDEFGHIJ"),
    "SHA-512 crypt": ("root:$6$saltsalt$ABCDEFGHIJKLMNOPQRSTUV:19000", "ABCDEFGHIJ"),
    "SHA-1 of htpasswd": ("admin:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", "qUqP5cyxm6Y"),
    "Django's argon2": ("argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaGhhc2g", "aGFzaGhhc2g"),
    "Django's PBKDF2": ("pbkdf2_sha256$870000$saltsalt$aGFzaGhhc2g=", "aGFzaGhhc2g"),
    "DigitalOcean": ("token dop_v1_" + "a1" * 32, "a1a1a1"),
    "Pulumi": ("logged in with pul-" + "0f" * 20, "0f0f0f"),
    "GitHub": ("remote: ghp_" + "Ab1" * 12, "Ab1Ab1"),
    "GitHub, newer": ("github_pat_" + "11ABCDEFG0" * 5, "11ABCDEFG0"),
    "GitHub app": ("ghs_" + "Ab1" * 12, "Ab1Ab1"),
    "GitLab": ("glpat-" + "abcdefghij1234567890", "abcdefghij"),
    "AWS": ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    "Slack": ("xoxb-123456789012-abcdef", "123456789012"),
    "Google": ("GOCSPX-abcdefghijklmnopqrstuv", "abcdefghij"),
    "Stripe": ("sk_live_abcdefghijklmnop", "abcdefghij"),
    "JWT": (f"jwt {JWT}", "eyJzdWIiOiJhYmMifQ"),
    "bearer": ("Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop"),
    "bearer in a line": ("sent {'authorization': 'Bearer abcdefghijklmnop'}", "abcdefghijklmnop"),
    "basic": ("< Authorization: Basic b3BlcmF0b3I6aHVudGVyMg==", "b3BlcmF0b3I6aHVudGVyMg"),
    "own header": ("X-Verification-Token: 0123456789abcdef", "0123456789abcdef"),
    "cookie set": ("set-cookie: slipway_refresh=0123456789abcdef; Path=/; HttpOnly", "0123456789abcdef"),
    "cookie sent": ("Cookie: slipway_refresh=0123456789abcdef", "0123456789abcdef"),
}
PLACES = {
    "environment": ("PATH=/bin\nPOSTGRES_PASSWORD=correcthorse\nHOME=/root\n", "correcthorse"),
    "compose config": ("environment:\n  DJANGO_SECRET_KEY: correcthorse battery\n  RELEASE: x\n", "correcthorse"),
    "JSON log": ('{"level":"info","refresh_token":"correcthorse","path":"/"}', "correcthorse"),
    "JSON in JSON": (json.dumps({"message": json.dumps({"password": "correcthorse"})}), "correcthorse"),
    "journal": ('{"step":"stage","error":"psql: password=correcthorse failed"}', "correcthorse"),
    "Pulumi output": ('  + rootSecret : "correcthorse"\n', "correcthorse"),
    "state file": ('{"inputs":{"environment":{"API_TOKEN":"correcthorse"}}}', "correcthorse"),
    "process list": (" 4711 root celery --broker-password correcthorse -l info", "correcthorse"),
    "process list, with =": (" 4711 root redis-server --api-key=correcthorse", "correcthorse"),
    "process list, curl": (" 4711 root curl -sS -u operator:correcthorse https://x", "correcthorse"),
    "error message": ("OperationalError: connection to postgresql://api:correcthorse@db/x failed", "correcthorse"),
    "traceback": ("  settings = Settings(signing_key='correcthorse', debug=False)", "correcthorse"),
    "query string": ("GET /reset?token=correcthorse&x=1 HTTP/1.1", "correcthorse"),
    "TOML": ('api_key = "correcthorse"', "correcthorse"),
}


@pytest.mark.parametrize(("text", "secret"), SHAPES.values(), ids=SHAPES)
def test_a_secret_is_hidden_by_its_shape(text: str, secret: str) -> None:
    hidden = Redactor()(f"before\n{text}\n")
    assert secret not in hidden
    assert HIDDEN in hidden
    assert hidden.startswith("before\n")


@pytest.mark.parametrize(("text", "secret"), PLACES.values(), ids=PLACES)
def test_a_secret_is_hidden_by_its_name_wherever_it_stands(text: str, secret: str) -> None:
    hidden = Redactor()(text)
    assert secret not in hidden
    assert HIDDEN in hidden


@pytest.mark.parametrize("place", ["{}", "x{}y", '{{"a": "{}"}}', "https://host/{}?x", " 4711 root prog {}"])
@pytest.mark.parametrize("secret", ['pa55"word', "pass/word+with=signs", "plain-and-long-enough"])
def test_a_known_secret_is_hidden_in_every_spelling(place: str, secret: str) -> None:
    redact = Redactor({"api/key": secret})
    encoded = base64.b64encode(secret.encode()).decode()
    for spelled in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], encoded):
        text = place.format(spelled)
        assert redact.known_in(text) == ["api/key"]
        assert spelled not in redact(text)


def test_a_longer_known_secret_goes_before_its_part() -> None:
    redact = Redactor({"short": "abcd-efgh", "long": "abcd-efgh-ijkl"})
    assert redact("abcd-efgh-ijkl") == HIDDEN
    assert redact.known_in("abcd-efgh-ijkl") == ["long"]


def test_what_names_a_secret_stays_readable() -> None:
    assert Redactor()("POSTGRES_PASSWORD=correcthorse\nX=1") == f"POSTGRES_PASSWORD={HIDDEN}\nX=1"
    assert Redactor()("redis://app:hunter2@redis:6379/0") == f"redis://app:{HIDDEN}@redis:6379/0"
    assert json.loads(Redactor()('{"token": "correcthorse", "x": 1}')) == {"token": HIDDEN, "x": 1}


def test_redacting_again_changes_nothing() -> None:
    redact = Redactor({"known": "hunter2hunter2"})
    for text, _ in (*SHAPES.values(), *PLACES.values()):
        once = redact(text)
        assert redact(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "service api is healthy",
        "postgresql://postgres:5432/slipway",
        "secrets: [admin_users]",
        "secrets:\n  api_verification_token:\n    name: app_verification_token\n    file: /srv/x/verification_token",
        "file: /srv/slipway/secrets/postgres/postgres_password",
        "- POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password",
        "0 secrets, 3 tokens",
        'www-authenticate: Basic realm="traefik"',
        "access-control: basic authentication is asked for",
        "fetch('https://host:8080/path@2x.png')",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert Redactor({"known": "hunter2hunter2"})(text) == text
