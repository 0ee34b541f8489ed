"""The rendered files, asked for every router, header and limit."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from traefik.errors import UnknownHole
from traefik.render import render_dynamic, render_static
from traefik.settings import EdgeSettings, GuardedHost

D = "staging.example.com"
TOOLS = {"traefik", "flower", "pgadmin", "mail"}
RELEASE = "20260102-030405-abc1234"
SETTINGS = EdgeSettings(
    domain=D,
    acme_directory="https://acme-staging-v02.api.letsencrypt.org/directory",
    acme_email="ops@example.com",
    rate_limit_rpm=120,
)
GUARDED = replace(SETTINGS, guarded=frozenset(GuardedHost), allow_list=("203.0.113.7/32",), has_users=True)
GUARD_CHAIN = ["security-headers", "only-operators", "login"]
TOOL_CHAIN = ["tool-headers", "only-operators", "login"]


def static(settings: EdgeSettings = SETTINGS) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(render_static(settings))
    return document


def dynamic(settings: EdgeSettings = SETTINGS) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(render_dynamic(settings, RELEASE))
    return document


@pytest.mark.parametrize(
    ("name", "priority", "rule", "middlewares", "service"),
    [
        (
            "api",
            200,
            f"Host(`{D}`) && (Path(`/api`) || PathPrefix(`/api/`))",
            ["security-headers", "api-rate-limit", "strip-api-prefix"],
            f"api-{RELEASE}",
        ),
        ("static", 195, f"Host(`{D}`) && PathPrefix(`/static/`)", ["security-headers"], f"static-{RELEASE}"),
        (
            "static-admin",
            195,
            f"Host(`admin.{D}`) && PathPrefix(`/static/`)",
            ["security-headers"],
            f"static-{RELEASE}",
        ),
        ("admin", 190, f"Host(`admin.{D}`)", GUARD_CHAIN, f"django-{RELEASE}"),
        ("traefik", 190, f"Host(`traefik.{D}`)", TOOL_CHAIN, "api@internal"),
        ("flower", 190, f"Host(`flower.{D}`)", TOOL_CHAIN, "flower"),
        ("pgadmin", 190, f"Host(`pgadmin.{D}`)", TOOL_CHAIN, "pgadmin"),
        ("mail", 190, f"Host(`mail.{D}`)", TOOL_CHAIN, "mail"),
        (
            "frontend",
            100,
            f"Host(`{D}`) || Host(`www.{D}`)",
            ["security-headers", "compression"],
            f"frontend-{RELEASE}",
        ),
    ],
)
def test_router(name: str, priority: int, rule: str, middlewares: list[str], service: str) -> None:
    router = dynamic(GUARDED)["http"]["routers"][name]
    assert router == {
        "entryPoints": ["websecure"],
        "rule": rule,
        "priority": priority,
        "middlewares": middlewares,
        "service": service,
    }


def test_port_80_only_redirects() -> None:
    routers = dynamic(GUARDED)["http"]["routers"]
    plain = {name: router for name, router in routers.items() if "web" in router["entryPoints"]}
    assert plain == {
        "redirect-to-https": {
            "entryPoints": ["web"],
            "rule": "PathPrefix(`/`)",
            "priority": 1,
            "middlewares": ["redirect-to-https"],
            "service": "noop@internal",
        }
    }


def test_without_guards_nothing_of_them_is_left() -> None:
    text = render_dynamic(SETTINGS, RELEASE) + render_static(SETTINGS)
    for word in (
        "admin.",
        "flower",
        "pgadmin",
        "mail.",
        f"traefik.{D}",
        "basicAuth",
        "ipAllowList",
        "django-",
        "api@internal",
    ):
        assert word not in text
    assert set(dynamic()["http"]["routers"]) == {"redirect-to-https", "api", "static", "frontend"}


@pytest.mark.parametrize("host", list(GuardedHost))
def test_one_guard_opens_no_other(host: GuardedHost) -> None:
    routers = dynamic(replace(GUARDED, guarded=frozenset({host})))["http"]["routers"]
    assert {name for name, router in routers.items() if "login" in router["middlewares"]} == {host.value}


def test_every_reference_leads_somewhere() -> None:
    for settings in (SETTINGS, GUARDED):
        http = dynamic(settings)["http"]
        used = {name for router in http["routers"].values() for name in router["middlewares"]}
        assert used == set(http["middlewares"])
        services = {router["service"] for router in http["routers"].values() if "@" not in router["service"]}
        assert services == set(http["services"])


def test_guards_ask_for_the_address_before_the_password() -> None:
    middlewares = dynamic(GUARDED)["http"]["middlewares"]
    assert middlewares["only-operators"] == {"ipAllowList": {"sourceRange": ["203.0.113.7/32"]}}
    assert middlewares["login"] == {"basicAuth": {"usersFile": "/run/secrets/admin_users", "removeHeader": True}}


def test_security_headers() -> None:
    headers = dynamic()["http"]["middlewares"]["security-headers"]["headers"]
    policy = dict(part.strip().split(" ", 1) for part in headers.pop("contentSecurityPolicy").split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["connect-src"]) == ("'self'", "'self'", "'self'")
    assert "object-src" not in policy
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "camera=()" in headers.pop("permissionsPolicy")
    assert headers == {
        "stsSeconds": 31_536_000,
        "stsIncludeSubdomains": True,
        "stsPreload": False,
        "contentTypeNosniff": True,
        "customFrameOptionsValue": "SAMEORIGIN",
        "referrerPolicy": "strict-origin-when-cross-origin",
        "customResponseHeaders": {
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Server": "",
            "X-Powered-By": "",
        },
    }


def test_security_headers_come_first_on_every_public_router() -> None:
    """A list that begins with another middleware sends that one's refusals without them."""
    routers = dynamic(GUARDED)["http"]["routers"]
    first = {name: router["middlewares"][0] for name, router in routers.items() if "websecure" in router["entryPoints"]}
    assert {name for name, headers in first.items() if headers != "security-headers"} == TOOLS
    assert {first[name] for name in TOOLS} == {"tool-headers"}


def test_tools_keep_the_policy_that_they_bring_and_get_every_other_header() -> None:
    middlewares = dynamic(GUARDED)["http"]["middlewares"]
    ours = middlewares["security-headers"]["headers"]
    theirs = ours["customResponseHeaders"].copy()
    del theirs["Cross-Origin-Embedder-Policy"]  # a caught mail may show pictures from anywhere
    expected = ours | {"contentSecurityPolicy": "", "customResponseHeaders": theirs}
    assert middlewares["tool-headers"]["headers"] == expected


def test_rate_limit_is_the_setting() -> None:
    limit = dynamic()["http"]["middlewares"]["api-rate-limit"]
    assert limit == {"rateLimit": {"average": 120, "period": "1m", "burst": 20}}


def test_nothing_retries_a_request() -> None:
    assert "retry" not in str(dynamic(GUARDED)["http"]["middlewares"])


def test_backends_are_the_release_s_and_outlive_traefik_s_idle_time() -> None:
    http = dynamic(GUARDED)["http"]
    ports = {"api": 5001, "static": 8081, "django": 8000, "frontend": 8080}
    for name, port in ports.items():
        balancer = http["services"][f"{name}-{RELEASE}"]["loadBalancer"]
        assert balancer["servers"] == [{"url": f"http://{name}-{RELEASE}:{port}"}]
        assert balancer["serversTransport"] == "application"
    timeouts = http["serversTransports"]["application"]["forwardingTimeouts"]
    assert timeouts == {"dialTimeout": "3s", "responseHeaderTimeout": "65s", "idleConnTimeout": "4s"}


def test_release_stays_a_hole_until_the_rollout_fills_it() -> None:
    text = render_dynamic(SETTINGS)
    assert text.replace("@RELEASE@", RELEASE) == render_dynamic(SETTINGS, RELEASE)
    assert text.count("@RELEASE@") == 9


def test_certificates_come_from_the_staging_directory_by_http() -> None:
    assert static()["certificatesResolvers"] == {
        "le-staging": {
            "acme": {
                "caServer": "https://acme-staging-v02.api.letsencrypt.org/directory",
                "email": "ops@example.com",
                "storage": "/acme/acme.json",
                "keyType": "EC256",
                "httpChallenge": {"entryPoint": "web"},
            }
        }
    }


def test_private_acme_server_is_trusted_by_its_own_ca() -> None:
    private = replace(SETTINGS, acme_directory="https://acme.localcloud.test:14000/dir", acme_ca=True)
    acme = static(private)["certificatesResolvers"]["le-staging"]["acme"]
    assert acme["caServer"] == "https://acme.localcloud.test:14000/dir"
    assert acme["caCertificates"] == ["/etc/traefik/ca/acme.pem"]


@pytest.mark.parametrize(
    ("settings", "others"),
    [
        (SETTINGS, [f"www.{D}"]),
        (replace(GUARDED, guarded=frozenset({GuardedHost.ADMIN})), [f"www.{D}", f"admin.{D}"]),
    ],
)
def test_certificate_names_every_enabled_host(settings: EdgeSettings, others: list[str]) -> None:
    tls = static(settings)["entryPoints"]["websecure"]["http"]["tls"]
    assert tls == {"certResolver": "le-staging", "domains": [{"main": D, "sans": others}]}


def test_only_80_and_443_leave_the_container_s_loopback() -> None:
    addresses = {name: point["address"] for name, point in static()["entryPoints"].items()}
    assert addresses == {"ping": "127.0.0.1:8082", "traefik": "127.0.0.1:8083", "web": ":80", "websecure": ":443"}


@pytest.mark.parametrize("name", ["web", "websecure"])
def test_public_entry_points_are_hardened(name: str) -> None:
    point = static()["entryPoints"][name]
    assert set(point["http"]["encodedCharacters"].values()) == {False}
    assert len(point["http"]["encodedCharacters"]) == 7
    assert point["http"]["maxHeaderBytes"] == 65536
    assert point["transport"]["respondingTimeouts"] == {
        "readTimeout": "60s",
        "writeTimeout": "0s",
        "idleTimeout": "180s",
    }


def test_only_the_file_provider_is_on_and_a_switch_is_seen_at_once() -> None:
    assert static()["providers"] == {
        "providersThrottleDuration": "100ms",
        "file": {"directory": "/etc/traefik/dynamic", "watch": True},
    }


@pytest.mark.parametrize(("settings", "shown"), [(SETTINGS, False), (GUARDED, True)])
def test_dashboard_is_there_only_behind_its_guard(settings: EdgeSettings, shown: bool) -> None:
    assert static(settings)["api"]["dashboard"] is shown


def test_access_log_drops_what_may_be_secret() -> None:
    fields = static()["accessLog"]["fields"]
    assert fields["names"] == {"ClientUsername": "drop"}
    assert fields["headers"] == {"defaultMode": "drop", "names": {"User-Agent": "keep", "X-Request-Id": "keep"}}
    assert static()["log"]["level"] == "INFO"


def test_default_certificate_and_options_keep_old_tls_out() -> None:
    tls = dynamic()["tls"]
    assert set(tls["stores"]["default"]["defaultCertificate"]) == {"certFile", "keyFile"}
    options = tls["options"]["default"]
    assert options["minVersion"] == "VersionTLS12"
    suites = options["cipherSuites"]
    assert len(suites) == 6
    assert {suite for suite in suites if not re.fullmatch(r"TLS_ECDHE_\w+_(GCM|CHACHA20)_\w+", suite)} == set()


def test_hole_that_nothing_fills_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_: "site: '@NOBODY@'\n")
    with pytest.raises(UnknownHole, match="@NOBODY@"):
        render_static(SETTINGS)
