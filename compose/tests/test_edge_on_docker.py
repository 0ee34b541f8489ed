"""The real Traefik with the rendered files, in the hardened container, before backends that say what reached them."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from compose.tests.stage import DOMAIN, Stage, docker
from traefik.render import render_dynamic, render_static
from traefik.settings import EdgeSettings, GuardedHost

pytestmark = pytest.mark.docker

PYTHON_IMAGE = "python:3.13-slim-trixie"
USERS = "operator:$2b$10$C6UzMDM.H6dfI/f/IKcEeO7ZP9rWvFIkhZJ3ZqJqYcAzPqJqZ0K0i\n"
PORTS = {"api": 5001, "static": 8081, "django": 8000, "frontend": 8080}
ECHO = """
import http.server, json, sys, threading
release, ports = sys.argv[1], dict(zip(sys.argv[2::2], map(int, sys.argv[3::2])))
def serve(name, port):
    class Echo(http.server.BaseHTTPRequestHandler):
        protocol_version, server_version = "HTTP/1.1", "Secret/1.0"
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps({"service": name, "path": self.path, "headers": dict(self.headers)}).encode()
            self.send_response(200)
            for key, value in {"X-Release": release, "X-Powered-By": "Secret", "Content-Length": len(body)}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)
        do_GET = do_POST = answer
        def log_message(self, *_): pass
    http.server.ThreadingHTTPServer(("", port), Echo).serve_forever()
for name, port in ports.items(): threading.Thread(target=serve, args=(name, port)).start()
"""
SECURITY_HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def settings(rate_limit_rpm: int = 6000, allow_list: tuple[str, ...] = ("203.0.113.7/32",)) -> EdgeSettings:
    return EdgeSettings(
        domain=DOMAIN,
        acme_directory="https://acme.invalid/dir",
        acme_email="operator@example.com",
        acme_ca=True,
        rate_limit_rpm=rate_limit_rpm,
        guarded=frozenset({GuardedHost.ADMIN, GuardedHost.TRAEFIK}),
        allow_list=allow_list,
        has_users=True,
    )


def start_echo(stage: Stage, release: str) -> None:
    """Start one container that answers as every service of a release."""
    aliases = [word for name in PORTS for word in ("--network-alias", f"{name}-{release}")]
    arguments = [str(word) for pair in PORTS.items() for word in pair]
    stage.run(f"echo-{release}", *aliases, PYTHON_IMAGE, "python", "-c", ECHO, release, *arguments)


def route(stage: Stage, release: str, edge: EdgeSettings) -> None:
    """Switch as a release does, and wait until the new configuration is the one in use."""
    text = render_dynamic(edge, release)
    stage.write("edge/dynamic/dynamic.yml", text + f"# {time.monotonic_ns()}\n")
    deadline = time.monotonic() + 60
    while not serves(stage, release, edge):
        assert time.monotonic() < deadline, f"{release} did not serve within 60 s"
        time.sleep(0.05)


def serves(stage: Stage, release: str, edge: EdgeSettings) -> bool:
    overview = ask_inside(stage, "/api/http/middlewares")
    limits = [m["rateLimit"]["average"] for m in overview if m["name"] == "api-rate-limit@file"]
    lists = [m["ipAllowList"]["sourceRange"] for m in overview if m["name"] == "only-operators@file"]
    is_applied = limits == [edge.rate_limit_rpm] and lists == [list(edge.allow_list)]
    return is_applied and stage.ask("/").headers.get("x-release") == release


def ask_inside(stage: Stage, path: str) -> Any:
    """Ask Traefik's internal API, which answers on the container's loopback only."""
    script = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:8083{path}', timeout=5).read().decode())"
    network = f"container:{stage.container('edge', 'traefik')}"
    return json.loads(docker("run", "--rm", "--network", network, PYTHON_IMAGE, "python", "-c", script))


@pytest.fixture(scope="module")
def edge(stage: Stage) -> Stage:
    for release in ("r1", "r2"):
        start_echo(stage, release)
    stage.make_edge_files()
    stage.write("edge/traefik.yml", render_static(settings()))
    stage.write("edge/dynamic/dynamic.yml", render_dynamic(settings(), "r1"))
    stage.write("secrets/traefik/admin_users", USERS)
    stage.own("65532:65532", "0400", "secrets/traefik/admin_users")
    stage.variables["ADMIN_USERS_FILE"] = str(stage.root / "secrets/traefik/admin_users")
    stage.up("edge", "edge")
    return stage


@pytest.fixture
def switching_edge(edge: Stage) -> Iterator[Stage]:
    """The edge for a test that switches: back to the first release and the common settings after it."""
    yield edge
    route(edge, "r1", settings())


def assert_secured(response: httpx.Response) -> None:
    assert_hardened(response)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def assert_hardened(response: httpx.Response) -> None:
    """All but the policy for content: a tool that others wrote brings its own."""
    assert {name: response.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "camera=()" in response.headers["permissions-policy"]
    assert response.headers.keys().isdisjoint({"server", "x-powered-by"})


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("POST", 308)])
def test_port_80_redirects_every_request(edge: Stage, method: str, status: int) -> None:
    response = edge.ask_plain("/some/page?x=1", method)
    assert response.status_code == status
    assert response.headers["location"] == f"https://{DOMAIN}/some/page?x=1"


@pytest.mark.parametrize(
    ("path", "service", "seen"),
    [
        ("/", "frontend", "/"),
        ("/items/42?q=a", "frontend", "/items/42?q=a"),
        ("/api", "api", "/"),
        ("/api/health", "api", "/health"),
        ("/api/items?cursor=a%2Fb", "api", "/items?cursor=a%2Fb"),
        ("/apix", "frontend", "/apix"),
        ("/static/admin/base.css", "static", "/static/admin/base.css"),
        ("/staticx", "frontend", "/staticx"),
    ],
)
def test_request_reaches_its_service(edge: Stage, path: str, service: str, seen: str) -> None:
    response = edge.ask(path)
    assert response.status_code == 200
    assert (response.json()["service"], response.json()["path"]) == (service, seen)
    assert_secured(response)


def test_www_reaches_the_front_end(edge: Stage) -> None:
    assert edge.ask("/", host=f"www.{DOMAIN}").json()["service"] == "frontend"


def test_forwarded_headers_of_a_client_are_not_believed(edge: Stage) -> None:
    forged = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http", "X-Real-Ip": "203.0.113.7"}
    seen = edge.ask("/api/health", headers=forged).json()["headers"]
    assert "203.0.113.7" not in json.dumps(seen)
    assert seen["X-Forwarded-Proto"] == "https"


@pytest.mark.parametrize(("label", "check"), [("admin", assert_secured), ("traefik", assert_hardened)])
def test_guarded_host_refuses_an_address_outside(
    edge: Stage, label: str, check: Callable[[httpx.Response], None]
) -> None:
    response = edge.ask("/", host=f"{label}.{DOMAIN}", headers={"X-Forwarded-For": "203.0.113.7"})
    assert response.status_code == 403
    check(response)


def test_guarded_host_asks_an_operator_for_a_password(switching_edge: Stage) -> None:
    route(switching_edge, "r1", settings(allow_list=("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
    response = switching_edge.ask("/", host=f"admin.{DOMAIN}")
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Basic")
    assert_secured(response)


@pytest.mark.parametrize("label", ["flower", "pgadmin", "unknown"])
def test_host_that_is_not_enabled_is_not_there(edge: Stage, label: str) -> None:
    assert edge.ask("/", host=f"{label}.{DOMAIN}").status_code == 404


def test_too_many_requests_are_told_when_to_come_back(switching_edge: Stage) -> None:
    limited = settings(rate_limit_rpm=6)
    assert limited.rate_limit_burst == 1
    route(switching_edge, "r1", limited)
    assert switching_edge.ask("/api/health").status_code == 200
    refused = switching_edge.ask("/api/health")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert_secured(refused)
    assert switching_edge.ask("/").status_code == 200


@pytest.mark.parametrize("path", ["/a%2Fb", "/a%5Cb", "/a%00b", "/a%3Bb", "/a%25b"])
def test_ambiguous_path_is_refused(edge: Stage, path: str) -> None:
    assert edge.ask(path).status_code == 400


def test_front_end_is_compressed(edge: Stage) -> None:
    long_path = "/" + "x" * 2000
    assert edge.ask(long_path, headers={"Accept-Encoding": "br"}).headers["content-encoding"] == "br"


def test_switch_loses_no_request(switching_edge: Stage) -> None:
    """The new file is renamed into place while requests run; each is answered by the old release or the new one."""
    answers: list[tuple[int, str | None]] = []
    is_over = threading.Event()

    def keep_asking() -> None:
        while not is_over.is_set():
            response = switching_edge.ask("/api/health")
            answers.append((response.status_code, response.headers.get("x-release")))

    asker = threading.Thread(target=keep_asking)
    asker.start()
    try:
        route(switching_edge, "r2", settings())
    finally:
        is_over.set()
        asker.join()
    assert {status for status, _ in answers} == {200}
    releases = [release for _, release in answers]
    assert releases == sorted(releases, key=str)
    assert set(releases) <= {"r1", "r2"}
    assert switching_edge.ask("/api/health").headers["x-release"] == "r2"


def test_no_router_has_an_error_but_the_wait_for_a_certificate(edge: Stage) -> None:
    overview = ask_inside(edge, "/api/overview")["http"]
    assert {kind: overview[kind]["errors"] for kind in ("routers", "services", "middlewares")} == {
        "routers": 0,
        "services": 0,
        "middlewares": 0,
    }


def test_internal_api_is_not_published(edge: Stage) -> None:
    published = json.loads(docker("inspect", edge.container("edge", "traefik")))[0]["NetworkSettings"]["Ports"]
    assert {port for port, bindings in published.items() if bindings} == {"80/tcp", "443/tcp"}


def test_container_runs_without_any_right(edge: Stage) -> None:
    """Binds 80 and 443 as a common user on a read-only file system with no capability."""
    inspected = json.loads(docker("inspect", edge.container("edge", "traefik")))[0]
    host = inspected["HostConfig"]
    assert inspected["Config"]["User"] == "65532:65532"
    assert (host["ReadonlyRootfs"], host["CapDrop"], host["CapAdd"]) == (True, ["ALL"], None)
    assert inspected["State"]["Health"]["Status"] == "healthy"
