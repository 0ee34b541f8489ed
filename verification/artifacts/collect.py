"""Collects the artifacts of one run into `local_run_logs/<address>-<time>/`."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509

from verification.artifacts.redact import Redactor
from verification.deployment import Deployment, get
from verification.droplet import ROOT, Droplet
from verification.errors import DropletUnreachable

LOG_LINES = 400
SIDE_BY_SIDE = 6
RESULT_TIMEOUT_S = 20.0
# Measured with Traefik and Pebble: 0.4 to 8 s, more on a busy machine or with refused nonces.
ISSUING_TIMEOUT_S = 60.0
_CURRENT = f"{ROOT}/current"

REMOTE = {
    "compose-ps.txt": "docker ps --all --format 'table {{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Ports}}'",
    "compose-config.yml": f"cd {_CURRENT}/compose && docker compose --env-file {_CURRENT}/env -f app.yml config",
    "published-ports.txt": "docker ps --format '{{.Names}}\t{{.Ports}}' | grep -e '->' | sort",
    "traefik-static.yml": f"cat {ROOT}/edge/traefik.yml",
    "traefik-dynamic.yml": f"cat {ROOT}/edge/dynamic/dynamic.yml",
    "traefik-env.txt": "docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "
    "$(docker ps -q -f label=com.docker.compose.service=traefik)",
}
INSIDE_DJANGO = {
    "django-migrate.txt": "python manage.py showmigrations --plan",
    "django-check-deploy.txt": "python manage.py check --deploy --fail-level WARNING 2>&1",
}


@dataclass
class Collector:
    """Writes every artifact through the redactor and remembers what could not be had."""

    deployment: Deployment
    droplet: Droplet
    folder: Path
    redact: Redactor
    missing: dict[str, str] = field(default_factory=dict)

    def collect(self) -> None:
        """Write what can be had; a source that fails leaves a note in `missing`, and the rest goes on."""
        with self.deployment.client() as client, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            # The session's first command and the facts that others share come before they are asked for at once.
            self._try("compose-ps.txt", partial(self.droplet.run, REMOTE["compose-ps.txt"]))
            containers = self._containers()
            work = [pool.submit(self._ask_django)]
            work += [pool.submit(self._celery, client), pool.submit(self._requests, client)]
            work += [pool.submit(self._try, name, partial(self.droplet.run, cmd)) for name, cmd in REMOTE.items()]
            work += [pool.submit(self._log, container) for container in containers]
        for done in work:
            done.result()  # what no one foresaw must not vanish in a thread
        self._named_logs()
        with self.deployment.client(check_certificate=False) as stranger:
            admin = f"admin.{self.deployment.domain}"
            self._try(
                "curl-admin-head.txt", lambda: as_curl(get(stranger, self.deployment, "/", name=admin, method="HEAD"))
            )
        self._try("tls-cert.json", lambda: json.dumps(certificate(self.deployment), indent=2))

    def write(self, name: str, text: str) -> None:
        """Write one artifact, redacted."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.redact(text if text.endswith("\n") else text + "\n"))

    def _try(self, name: str, produce: Callable[[], str]) -> None:
        try:
            self.write(name, produce())
        except (DropletUnreachable, httpx.HTTPError, OSError, ValueError) as error:
            self.missing[name] = self.redact(f"{type(error).__name__}: {error}")

    def _ask_django(self) -> None:
        """One after the other: each command takes as much memory as Django itself, of whose limit it has a part."""
        self._try("schema-compat-check.json", self._schema_check)
        for name, command in INSIDE_DJANGO.items():
            self._try(name, partial(self.droplet.inside, "django", command))

    def _schema_check(self) -> str:
        api, django = self.droplet.container("api")["Id"], self.droplet.container("django")["Id"]
        statements = f"docker exec {api} python -m api.statements --json"
        check = f"docker exec -i {django} python manage.py schema_compat_check --json --statements -"
        return self.droplet.run(f"{statements} | {check}")

    def _log(self, container: dict[str, Any]) -> None:
        service, identity = container["Config"]["Labels"].get("com.docker.compose.service"), container["Id"]
        if service:
            command = f"docker logs --timestamps --tail {LOG_LINES} {identity} 2>&1"
            self._try(f"services/{service}.log", partial(self.droplet.run, command))

    def _named_logs(self) -> None:
        for service in ("traefik", "api"):
            log = self.folder / "services" / f"{service}.log"
            if log.is_file():
                self.write(f"{service}-logs.txt", log.read_text())

    def _containers(self) -> list[dict[str, Any]]:
        try:
            return self.droplet.containers
        except DropletUnreachable as error:
            self.missing["services/"] = self.redact(str(error))
            return []

    def _requests(self, client: httpx.Client) -> None:
        ask = self.deployment
        self._try("curl-root.txt", lambda: as_curl(get(client, ask, "/")))
        self._try("curl-api.txt", lambda: as_curl(get(client, ask, "/api/items?limit=1")))
        self._try("curl-api-health.txt", lambda: as_curl(get(client, ask, "/api/health")))
        self._try("api-health.json", lambda: json.dumps(get(client, ask, "/api/health").json(), indent=2))

    def _celery(self, client: httpx.Client) -> None:
        def ping() -> str:
            token = self.droplet.run(f"cat {_CURRENT}/secrets/api/verification_token").strip()
            headers = {"X-Verification-Token": token, "Origin": f"https://{self.deployment.domain}"}
            answer = _ask_until_ready(client, self.deployment, "/api/celery/ping", method="POST", headers=headers)
            answer.raise_for_status()
            path = f"/api/celery/result/{answer.json()['task_id']}"
            self._try("celery-result.json", lambda: _await_result(client, self.deployment, path, headers))
            return json.dumps(answer.json(), indent=2)

        self._try("celery-ping.json", ping)


def _ask_until_ready(client: httpx.Client, deployment: Deployment, path: str, **request: Any) -> httpx.Response:
    """Ask again while the answer is 503: it says so at once when Redis is slow, and asks to come back."""
    deadline = time.monotonic() + RESULT_TIMEOUT_S
    while True:
        answer = get(client, deployment, path, **request)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
            return answer
        time.sleep(min(float(answer.headers.get("retry-after", 1)), 2.0))


def _await_result(client: httpx.Client, deployment: Deployment, path: str, headers: Mapping[str, str]) -> str:
    deadline = time.monotonic() + RESULT_TIMEOUT_S
    while True:
        answer = get(client, deployment, path, headers=headers)
        answer.raise_for_status()
        document = answer.json()
        if document.get("ready") or document.get("state") in {"SUCCESS", "FAILURE"} or time.monotonic() > deadline:
            return json.dumps(document, indent=2)
        time.sleep(0.1)


def as_curl(response: httpx.Response) -> str:
    """Write a response down as `curl -i` would, its body cut at 4,000 characters."""
    head = [f"{response.http_version} {response.status_code} {response.reason_phrase}"]
    head += [f"{name}: {value}" for name, value in response.headers.items()]
    elapsed = f"# answered in {response.elapsed.total_seconds():.3f} s"
    return "\n".join([*head, elapsed, "", response.text[:4000]])


def certificate(deployment: Deployment) -> dict[str, Any]:
    """Return the names, issuer and dates of the certificate that the site serves."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((deployment.address, 443), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=deployment.domain) as secured,
    ):
        binary, version = secured.getpeercert(binary_form=True), secured.version()
    if binary is None:
        raise ValueError("the site sent no certificate")
    cert = x509.load_der_x509_certificate(binary)
    return {
        "subject_alternative_names": _names(cert),
        "issuer": cert.issuer.rfc4514_string(),
        "not_before": cert.not_valid_before_utc.isoformat(),
        "not_after": cert.not_valid_after_utc.isoformat(),
        "serial": f"{cert.serial_number:x}",
        "tls_version": version,
    }


def _names(cert: x509.Certificate) -> list[str]:
    try:
        names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)


def await_certificate(deployment: Deployment, timeout_s: float = ISSUING_TIMEOUT_S) -> None:
    """Wait until the site's certificate is one for the site; a first deployment ends before ACME does.

    Without one after `timeout_s` seconds this returns all the same: the checks say what is wrong.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if deployment.domain in certificate(deployment)["subject_alternative_names"]:
                return
        except OSError:
            return
        time.sleep(0.2)


def new_folder(root: Path, address: str, *, timestamped: bool) -> Path:
    """Make the folder of a run; without a time in its name it is the address alone."""
    stamp = f"-{datetime.now(UTC):%Y%m%d_%H%M%S}" if timestamped else ""
    folder = root / "local_run_logs" / f"{address}{stamp}"
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    return folder
