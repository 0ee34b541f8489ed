from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from verification.observatory.facts import Page
from verification.observatory.grading import grade

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'self'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}
BEST = Page(
    host="x.test",
    headers=HEADERS,
    body='<script src="/a.js" integrity="sha384-x"></script>',
    plain_http_location="https://x.test/",
)


def points(page: Page, rule: str) -> int:
    (mark,) = (mark for mark in grade(page).marks if mark.rule == rule)
    return mark.points


def changed(**headers: str | None) -> Page:
    """The best page with some headers otherwise, or without."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(BEST, headers={name: value for name, value in {**HEADERS, **named}.items() if value is not None})


def test_the_best_page_has_all_that_a_staging_site_can_have() -> None:
    found = grade(BEST)
    assert (found.score, found.best, found.letter) == (155, 155, "A+")
    assert found.penalties == []
    assert found.left == []


def test_a_bare_page_fails_with_every_cost_named() -> None:
    found = grade(Page(host="x.test", headers={}))
    assert (found.score, found.letter) == (10, "F")
    assert [cost.partition(":")[0] for cost in found.penalties] == [
        "content-security-policy -25",
        "redirection -20",
        "strict-transport-security -20",
        "x-content-type-options -5",
        "x-frame-options -20",
    ]
    assert all(cost.rpartition("; ")[2] for cost in found.penalties)


def test_extra_points_count_only_for_a_page_that_is_good_without_them() -> None:
    assert grade(changed(x_content_type_options=None)).score == 150
    assert grade(changed(strict_transport_security=None)).score == 80


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (None, -25),
        ("", -25),
        ("x", -25),
        ("default-src 'self'; default-src 'none'", -25),
        ("default-src 'none'", 10),
        ("default-src", 10),
        ("default-src 'self'", 5),
        ("default-src 'self'; style-src 'self' 'unsafe-inline'", 0),
        ("default-src 'self'; style-src 'unsafe-inline' 'nonce-abc'", 5),
        ("default-src 'self'; img-src http:", -10),
        ("default-src 'self'; script-src 'self' 'unsafe-eval'", -10),
        ("default-src 'self'; script-src 'self' 'unsafe-inline'", -20),
        ("default-src 'self'; script-src https:", -20),
        ("script-src 'self'", -20),
        ("default-src 'self'; connect-src http://x.test", -20),
        ("default-src 'self'; script-src 'strict-dynamic'", -25),
        ("default-src 'self'; script-src 'strict-dynamic' 'nonce-abc' https: 'unsafe-inline'", 5),
        ("default-src 'self' 'unsafe-inline', default-src 'none'", 10),
    ],
)
def test_a_policy_is_rated(policy: str | None, expected: int) -> None:
    assert points(changed(content_security_policy=policy), "content-security-policy") == expected


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("strict-transport-security", "max-age=15768000", 0),
        ("strict-transport-security", "max-age=15767999", -10),
        ("strict-transport-security", "yes", -20),
        ("x-content-type-options", "sniff", -5),
        ("referrer-policy", None, 0),
        ("referrer-policy", "unsafe-url", -5),
        ("referrer-policy", "no-referrer, strict-origin", 5),
        ("referrer-policy", "nonsense", -5),
        ("cross-origin-opener-policy", None, 0),
        ("cross-origin-opener-policy", "unsafe-none", 0),
        ("cross-origin-opener-policy", "nonsense", -5),
        ("cross-origin-resource-policy", "same-site", 10),
        ("cross-origin-resource-policy", "cross-origin", 0),
        ("cross-origin-embedder-policy", "credentialless", 10),
        ("cross-origin-embedder-policy", None, 0),
    ],
)
def test_a_header_is_rated(rule: str, value: str | None, expected: int) -> None:
    assert points(changed(**{rule.replace("-", "_"): value}), rule) == expected


@pytest.mark.parametrize(
    ("frame", "policy", "expected"),
    [
        (None, "default-src 'self'", -20),
        ("ALLOWALL", "default-src 'self'", -20),
        ("ALLOW-FROM https://y.test", "default-src 'self'", 0),
        ("DENY", "default-src 'self'", 5),
        (None, "default-src 'self'; frame-ancestors 'none'", 5),
    ],
)
def test_framing_is_refused_by_either_header(frame: str | None, policy: str, expected: int) -> None:
    page = changed(x_frame_options=frame, content_security_policy=policy)
    assert points(page, "x-frame-options") == expected


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("session=1; Secure; HttpOnly; SameSite=Lax", 5),
        ("session=1; Secure; HttpOnly", 0),
        ("session=1; Secure; SameSite=Lax", -30),
        ("session=1; HttpOnly; SameSite=Lax", -10),
        ("theme=1; SameSite=Lax", -5),
        ("theme=1; Secure; SameSite=Sometimes", -20),
        ("csrftoken=1; Secure", -20),
    ],
)
def test_a_cookie_is_rated(cookie: str, expected: int) -> None:
    assert points(replace(BEST, cookies=[cookie]), "cookies") == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"plain_http_location": None}, -20),
        ({"plain_http_location": None, "answers_plain_http": False}, 0),
        ({"plain_http_location": "http://x.test/a"}, -10),
        ({"plain_http_location": "https://y.test/"}, -5),
    ],
)
def test_the_way_to_https_is_rated(facts: dict[str, Any], expected: int) -> None:
    assert points(replace(BEST, **facts), "redirection") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>no script", 0),
        ('<script src="/a.js"></script>', 0),
        ('<script src="https://cdn.example/a.js"></script>', -5),
        ('<script src="https://cdn.example/a.js" integrity="sha384-x"></script>', 5),
        ('<script src="http://cdn.example/a.js" integrity="sha384-x"></script>', -20),
        ('<script src="//cdn.example/a.js"></script>', -50),
    ],
)
def test_scripts_are_rated(body: str, expected: int) -> None:
    assert points(replace(BEST, body=body), "subresource-integrity") == expected


def test_any_origin_that_may_read_with_cookies_is_found() -> None:
    allowed = {"access-control-allow-origin": BEST.foreign_origin, "access-control-allow-credentials": "true"}
    assert points(replace(BEST, foreign_headers=allowed), "cross-origin-resource-sharing") == -50
    public = {"access-control-allow-origin": "*"}
    assert points(replace(BEST, foreign_headers=public), "cross-origin-resource-sharing") == 0
