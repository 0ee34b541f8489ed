"""Nothing secret is printed."""

import pytest

from rollout.redact import Redactor


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("hunter22-x", "password is hunter22-x."),
        ("postgresql://api:p%40ss-word@db/x", "authentication failed for p@ss-word"),
        ("postgresql://api:p%40ss-word@db/x", "dsn p%40ss-word"),
        ("operator:$2y$05$abcdefgh", "hash $2y$05$abcdefgh"),
        ("first-line\nsecond-line", "saw second-line"),
        ('quo"ted-secret', '{"x": "quo\\"ted-secret"}'),
        ("needs encoding/+", "url ?x=needs%20encoding%2F%2B"),
    ],
)
def test_a_secret_goes_in_each_of_its_forms(secret: str, text: str) -> None:
    cleaned = Redactor([secret])(text)
    assert "[secret]" in cleaned
    assert cleaned.replace("[secret]", "") != text


def test_passwords_in_urls_go_even_when_unknown() -> None:
    assert Redactor()("redis://:abc@redis:6379/0") == "redis://:[secret]@redis:6379/0"


def test_ordinary_text_stays() -> None:
    assert Redactor(["hunter22-x"])("service api is healthy at 10:00") == "service api is healthy at 10:00"
