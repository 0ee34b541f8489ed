"""How what visitors and clients meet can be wrong."""

from __future__ import annotations

from verification.checks import test_api, test_guards, test_headers, test_limits, test_site
from verification.tests.proofs.proof import Break, Proof, answering


def without_header(name: str) -> Break:
    """Send a header no more."""
    return lambda world, patch: world.headers.pop(name)


def with_header(name: str, value: str) -> Break:
    """Send a header otherwise."""
    return lambda world, patch: world.headers.update({name: value})


HOME, HEALTH = {"path": "/"}, {"path": "/api/health"}
ADMIN = {"label": "admin", "path": "/"}
PROOFS = {
    # What visitors see
    "an error page": Proof(test_site, "test_answers_over_https_within_five_seconds", answering("/", 500), HOME),
    "a slow page": Proof(
        test_site, "test_answers_over_https_within_five_seconds", lambda w, p: setattr(w, "seconds", 6.0), HOME
    ),
    "an API without Redis": Proof(
        test_site, "test_api_reaches_database_and_redis", answering("/api/health", 503, '{"ok": false}')
    ),
    "another release": Proof(
        test_site, "test_answers_carry_the_serving_release", answering("/api/health", x_release="older"), HEALTH
    ),
    "two names of one site": Proof(test_site, "test_www_leads_to_the_one_name_of_the_site", answering("/")),
    "no items": Proof(test_site, "test_items_come_from_the_migrated_table", answering("/api/items", 500, "{}")),
    "a dead deep link": Proof(test_site, "test_deep_links_survive_a_reload", answering("/some/deep/link", 404)),
    "a second prefix": Proof(test_site, "test_api_prefix_is_stripped_once", answering("/api/api/health")),
    "a neighbour of the prefix": Proof(test_site, "test_api_prefix_is_stripped_once", answering("/apix", 404)),
    "plain HTTP": Proof(test_site, "test_http_is_redirected_to_https", answering("/x"), {"label": ""}),
    # The API
    "an unnamed operation": Proof(
        test_api,
        "test_the_description_names_every_operation",
        answering("/api/openapi.json", text='{"openapi": "3.1.0", "paths": {"/items": {"get": {}}}}'),
    ),
    "documentation from a CDN": Proof(
        test_api,
        "test_the_documentation_loads_only_what_its_policy_allows",
        answering("/api/docs", text='<script src="https://cdn.example/x.js"></script>', content_type="text/html"),
    ),
    "metrics for all": Proof(
        test_api, "test_metrics_are_not_served_outside", answering("/metrics", text="# HELP x y"), {"path": "/metrics"}
    ),
    "a bare error": Proof(
        test_api, "test_an_unknown_address_is_a_problem_with_its_request_id", answering("/api/nowhere", 404, "nothing")
    ),
    "a list for strangers": Proof(
        test_api, "test_a_stranger_is_asked_to_sign_in", answering("/api/users"), {"path": "/api/users"}
    ),
    # Headers
    **{
        f"no {name}": Proof(
            test_headers, "test_security_headers_stand_on_every_public_route", without_header(name), HOME
        )
        for name in (
            "strict-transport-security",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "content-security-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
        )
    },
    **{
        f"{name}: {value}": Proof(
            test_headers, "test_security_headers_stand_on_every_public_route", with_header(name, value), HOME
        )
        for name, value in (
            ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
            ("strict-transport-security", "max-age=3600; includeSubDomains"),
            ("content-security-policy", "default-src 'self'; script-src 'self' 'unsafe-inline'"),
            ("referrer-policy", "unsafe-url"),
            ("server", "nginx"),
        )
    },
    "a lower grade": Proof(
        test_headers, "test_the_home_page_gets_full_marks", with_header("content-security-policy", "default-src *")
    ),
    # Guards and limits
    "an open guarded host": Proof(
        test_guards, "test_guarded_hosts_show_nothing_to_a_stranger", answering("/", text="Django" * 20), ADMIN
    ),
    "no limit": Proof(test_limits, "test_a_burst_is_limited", answering("/api/health")),
    "no time to wait": Proof(test_limits, "test_a_burst_is_limited", answering("/api/health", 429)),
}
