"""Collects the artifacts of one run into `local_run_logs/<address>-<time>/`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import httpx

from verification.artifacts.folder import Folder
from verification.artifacts.sources import CURRENT, OF_DJANGO, REMOTE, SCHEMA, ask_django, log_of
from verification.deployment import Deployment
from verification.droplet import Droplet
from verification.errors import CommandFailed, SiteUnreachable, VerificationError
from verification.site import Site
from verification.tls import served_certificate

SIDE_BY_SIDE = 6
RESULT_TIMEOUT_S = 20.0
RESULT_POLL_S = 0.1
LONGEST_BODY = 4000


@dataclass
class Collector:
    """Asks the droplet and the site for everything that the folder is to hold."""

    deployment: Deployment
    droplet: Droplet
    site: Site
    folder: Folder

    def collect(self) -> None:
        """Write what can be had; the rest goes on."""
        attempt, run = self.folder.attempt, self.droplet.run
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            # The session's first command and the facts that others share come before they are asked for at once.
            attempt("compose-ps.txt", partial(run, REMOTE["compose-ps.txt"]))
            containers = self._containers()
            work = [pool.submit(self._ask_django), pool.submit(self._celery), pool.submit(self._requests)]
            work += [pool.submit(attempt, name, partial(run, command)) for name, command in REMOTE.items()]
            work += [pool.submit(self._log, container) for container in containers]
        for done in work:
            done.result()  # what no one foresaw must not vanish in a thread
        for service in ("traefik", "api"):
            attempt(f"{service}-logs.txt", partial(self.folder.read, f"services/{service}.log"))
        attempt("tls-cert.json", lambda: json.dumps(served_certificate(self.deployment), indent=2))

    def _containers(self) -> list[dict[str, Any]]:
        try:
            return self.droplet.containers
        except VerificationError as error:
            self.folder.lack("services/", error)
            return []

    def _log(self, container: dict[str, Any]) -> None:
        service = container["Config"]["Labels"].get("com.docker.compose.service")
        if service:
            self.folder.attempt(f"services/{service}.log", partial(self.droplet.run, log_of(container["Id"])))

    def _ask_django(self) -> None:
        for name in OF_DJANGO:
            self.folder.attempt(name, partial(self._said_by_django, name))

    def _said_by_django(self, name: str) -> str:
        said = self._answers_of_django[name]
        if name != SCHEMA:
            return str(said["out"] + said["err"])
        self.droplet.container("api")  # without one there are no statements to hold against the schema
        if not said["out"]:
            raise CommandFailed(f"schema_compat_check ended with {said['code']}: {said['err'].strip()}")
        return str(said["out"])

    @cached_property
    def _answers_of_django(self) -> dict[str, dict[str, Any]]:
        django = self.droplet.container("django")["Id"]
        try:
            api = self.droplet.container("api")["Id"]
        except CommandFailed:
            api = None
        found: dict[str, dict[str, Any]] = json.loads(self.droplet.run(ask_django(django, api)))
        return found

    def _requests(self) -> None:
        ask, attempt = self.site.ask, self.folder.attempt
        attempt("curl-root.txt", lambda: as_curl(ask("/")))
        attempt("curl-api.txt", lambda: as_curl(ask("/api/items?limit=1")))
        attempt("curl-api-health.txt", lambda: as_curl(ask("/api/health")))
        attempt("api-health.json", lambda: _json_of(ask("/api/health")))
        admin = f"admin.{self.deployment.domain}"
        attempt("curl-admin-head.txt", lambda: as_curl(ask("/", name=admin, method="HEAD", any_certificate=True)))

    def _celery(self) -> None:
        self.folder.attempt("celery-ping.json", self._ping)
        self.folder.attempt("celery-result.json", self._result)

    def _ping(self) -> str:
        path, headers = "/api/celery/ping", self._celery_headers()
        answer = self.site.ask_until_ready(path, method="POST", headers=headers, timeout_s=RESULT_TIMEOUT_S)
        return _json_of(answer)

    def _result(self) -> str:
        task = json.loads(self.folder.read("celery-ping.json"))["task_id"]
        self.droplet.container("worker")  # without one there is nothing to wait for
        path, headers = f"/api/celery/result/{task}", self._celery_headers()
        deadline = time.monotonic() + RESULT_TIMEOUT_S
        while True:
            text = _json_of(self.site.ask(path, headers=headers))
            if json.loads(text).get("ready") or time.monotonic() > deadline:
                return text
            time.sleep(RESULT_POLL_S)

    def _celery_headers(self) -> Mapping[str, str]:
        token = self.droplet.run(f"cat {CURRENT}/secrets/api/verification_token").strip()
        return {"X-Verification-Token": token, "Origin": f"https://{self.deployment.domain}"}


def _json_of(answer: httpx.Response) -> str:
    """Return an answer's document; one that is no success, or no JSON, is an error that says so."""
    if not answer.is_success:
        raise CommandFailed(f"{answer.request.url.path} answered {answer.status_code}: {answer.text[:200]}")
    try:
        return json.dumps(answer.json(), indent=2)
    except ValueError as error:
        raise SiteUnreachable(f"{answer.request.url.path} answered with what is no JSON: {error}") from error


def as_curl(response: httpx.Response) -> str:
    """Write a response down as `curl -i` would, its body cut at 4,000 characters."""
    head = [f"{response.http_version} {response.status_code} {response.reason_phrase}"]
    head += [f"{name}: {value}" for name, value in response.headers.multi_items()]
    elapsed = f"# answered in {response.elapsed.total_seconds():.3f} s"
    return "\n".join([*head, elapsed, "", response.text[:LONGEST_BODY]])
