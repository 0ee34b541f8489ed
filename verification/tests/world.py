"""A deployment made of plain values, on which every check passes until a test breaks one of them."""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
import yaml

from traefik.render import render_dynamic, render_static
from traefik.settings import EdgeSettings, GuardedHost
from verification.artifacts.folder import Folder
from verification.artifacts.redact import Redactor
from verification.artifacts.sources import NAMES
from verification.checks import test_api, test_services
from verification.deployment import Deployment
from verification.droplet import Droplet
from verification.errors import DropletUnreachable
from verification.expect import Expect
from verification.site import Site

DOMAIN, ADDRESS, RELEASE = "slipway.test", "198.18.80.1", "20260601-000000-abc1234"
SECRET = "correct-horse-battery"
EDGE = EdgeSettings(
    domain=DOMAIN,
    acme_directory="https://acme-staging-v02.api.letsencrypt.org/directory",
    acme_email="ops@slipway.test",
    guarded=frozenset({GuardedHost.ADMIN, GuardedHost.MAIL}),
    allow_list=("203.0.113.7/32",),
    has_users=True,
)
DEPLOYMENT = Deployment(
    stack="local",
    domain=DOMAIN,
    address=ADDRESS,
    ssh_user="root",
    ssh_port=22,
    ssh_key=None,
    known_hosts=None,
    ca_file=None,
    dns_server=None,
    rate_limit_api_rpm=12,
    release=RELEASE,
    guarded_hosts=frozenset({"admin", "mail"}),
)
PLAN = "[X]  item.0001_initial\n[X]  item.0002_more\n"
SCHEMA = {"ok": True, "statements_checked": 52, "problems": []}


def container(service: str | None, **changed: Any) -> dict[str, Any]:
    """What `docker inspect` tells of a hardened, healthy container."""
    ports = {"80/tcp": [{"HostPort": "80"}], "443/tcp": [{"HostPort": "443"}]} if service == "traefik" else {}
    return {
        "Id": f"id-of-{service}",
        "Name": "/stray",
        "Path": "program",
        "Args": ["--serve"],
        "Config": {
            "Labels": {"com.docker.compose.service": service} if service else {},
            "User": "10001:10001",
            "Env": ["PATH=/bin"],
        },
        "State": {"Health": {"Status": "healthy"}},
        "HostConfig": {
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "CapAdd": None,
            "SecurityOpt": ["no-new-privileges:true"],
            "Memory": 1 << 27,
            "PidsLimit": 64,
        },
        "Mounts": [],
        "NetworkSettings": {"Ports": ports},
        **changed,
    }


@dataclass
class FakeDroplet(Droplet):
    """A droplet that knows the answers; `silent` as if SSH were blocked."""

    said: dict[str, str] = field(default_factory=dict)  # by a part of the command

    def attempt(self, command: str) -> Any:
        """Answer with what the command's part stands for."""
        if self.silence:
            raise DropletUnreachable(self.silence)
        for part, answer in self.said.items():
            if part in command:
                return SimpleNamespace(rc=0, stdout=answer, stderr="")
        return SimpleNamespace(rc=1, stdout="", stderr=f"nothing is known of {command}")


class World:
    """Everything that a check may ask for, by the names of its arguments."""

    def __init__(self, folder: Path) -> None:
        self.deployment = DEPLOYMENT
        self.static, self.dynamic = copy.deepcopy(_configuration())
        self.droplet = FakeDroplet(None)
        self.containers = [container(name) for name in sorted({*test_services.SERVICES, "mail"})]
        self.droplet.__dict__.update(release=RELEASE, secrets={"api/key": SECRET}, containers=self.containers)
        self.droplet.said = {"metrics": "# HELP x", "SMTP_HOST": "", "smtplib": "none is named"}
        self.headers = _public_headers(self.dynamic)
        self.answers: dict[str, httpx.Response] = {}
        self.limit = 3
        self.seconds = 0.01  # that an answer takes
        client = httpx.Client(transport=httpx.MockTransport(self._answer), trust_env=False)
        self.site = Site(DEPLOYMENT, client, client)
        self.port_scan: Future[list[int]] = Future()
        self.port_scan.set_result([22, 80, 443])
        self._folder = folder

    @cached_property
    def artifacts(self) -> Folder:
        """What a run would have collected."""
        found = Folder(self._folder, Redactor({"api/key": SECRET}))
        for name in (*NAMES, *(f"services/{service}.log" for service in test_services.SERVICES)):
            found.write(name, _artifact(name))
        return found

    def _answer(self, request: httpx.Request) -> httpx.Response:
        response = self.respond(request)
        response.elapsed = timedelta(seconds=self.seconds)
        return response

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer as Traefik and the applications would."""
        path, host = request.url.path, request.headers["host"]
        label = host.removesuffix(DOMAIN).rstrip(".")
        if path in self.answers:
            return self.answers[path]
        if request.url.scheme == "http":
            return httpx.Response(301, headers={"location": f"https://{host}{request.url.raw_path.decode()}"})
        if label == "www":
            return httpx.Response(308, headers={"location": f"https://{DOMAIN}{path}"})
        if label:
            return httpx.Response(401 if label in DEPLOYMENT.guarded_hosts else 404, text="no")
        self.limit -= 1
        return self._page(request, path)

    def _page(self, request: httpx.Request, path: str) -> httpx.Response:
        both = self.headers | {"x-release": RELEASE}
        health = {"ok": True, "service": "api", "db_ok": True, "redis_ok": True, "release": RELEASE}
        operations = {name: {"get": {"operationId": name}} for name in test_api.DOCUMENTED}
        documents: dict[str, Any] = {
            "/api/health": health,
            "/api/items": {"items": [], "next_cursor": None},
            "/api/openapi.json": {"openapi": "3.1.0", "paths": operations},
        }
        if path in {"/api/users/me", "/api/users", "/api/auth/sessions"} or request.url.query == b"owner=me":
            return httpx.Response(401, headers={**both, "www-authenticate": "Bearer"})
        if path == "/api/health" and self.limit < -5:
            return httpx.Response(429, headers={**both, "retry-after": "3"})
        if path in documents:
            return httpx.Response(200, headers=both, json=documents[path])
        if path == "/api/docs":
            return httpx.Response(200, headers=both, html='<script src="/api/docs.js"></script>')
        if path.startswith("/api/") and not path.endswith(".js"):
            identity = request.headers.get("x-request-id", "made")
            kind = {"content-type": "application/problem+json", "x-request-id": identity}
            return httpx.Response(404, headers={**both, **kind}, content=json.dumps({"request_id": identity}))
        return httpx.Response(200, headers=both, html='<div id="root"></div><script src="/a.js"></script>')

    def judge(self, check: Callable[..., None], **parameters: Any) -> Expect:
        """Run one check on this world and return what it found; whatever it raises goes through."""
        expect = Expect()
        wanted = inspect.signature(check).parameters.keys() - parameters.keys() - {"expect", "home"}
        given = {name: getattr(self, name) for name in wanted} | parameters
        if "home" in inspect.signature(check).parameters:
            given["home"] = self.site.ask("/", headers={"Accept": "text/html"})
        check(**given, expect=expect)
        return expect


@cache
def _configuration() -> tuple[dict[str, Any], dict[str, Any]]:
    return yaml.safe_load(render_static(EDGE)), yaml.safe_load(render_dynamic(EDGE, RELEASE))["http"]


def checks_of(module: ModuleType) -> dict[str, Callable[..., None]]:
    """Return the checks of a module by name."""
    return {name: each for name, each in vars(module).items() if name.startswith("test_") and inspect.isfunction(each)}


def _public_headers(dynamic: dict[str, Any]) -> dict[str, str]:
    """The headers that Traefik makes of its configuration."""
    found = dynamic["middlewares"]["security-headers"]["headers"]
    return {
        "strict-transport-security": f"max-age={found['stsSeconds']}; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-frame-options": found["customFrameOptionsValue"],
        "referrer-policy": found["referrerPolicy"],
        "content-security-policy": found["contentSecurityPolicy"],
        "permissions-policy": found["permissionsPolicy"],
        **{name.lower(): value for name, value in found["customResponseHeaders"].items() if value},
    }


def _artifact(name: str) -> str:
    known = {
        "django-migrate.txt": PLAN,
        "django-check-deploy.txt": "System check identified no issues (0 silenced).",
        "schema-compat-check.json": json.dumps(SCHEMA),
        "celery-ping.json": '{"task_id": "1"}',
        "celery-result.json": '{"state": "SUCCESS", "ready": true}',
    }
    return known.get(name, "{}" if name.endswith((".json", ".yml")) else "quiet")
