"""What a stack's deployment looks like now, in the shape that other programs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slipway.facts import Facts, read_facts
from slipway.guard import SignIn, sign_in
from slipway.project import Project
from slipway.remote import ask_engine
from slipway.verify import newest_artifacts


@dataclass(frozen=True)
class Service:
    """One container of the deployment."""

    name: str
    state: str
    health: str


@dataclass(frozen=True)
class Status:
    """The facts of a deployment and what runs there."""

    facts: Facts
    release: str | None
    previous: str | None
    services: tuple[Service, ...]
    artifacts: str | None
    sign_in: SignIn | None

    def as_json(self) -> dict[str, Any]:
        """Return the document of `slipway status --json`; other programs depend on its keys."""
        facts = self.facts
        return {
            "stack": facts.stack,
            "site": facts.site,
            "domain": facts.domain,
            "address": facts.address,
            "ssh": {
                "user": facts.ssh_user,
                "port": facts.ssh_port,
                "key": _text(facts.ssh_key),
                "known_hosts": str(facts.known_hosts),
            },
            "ca_file": _text(facts.ca_file),
            "dns_server": facts.dns_server,
            "release": self.release,
            "previous": self.previous,
            "services": [{"name": s.name, "state": s.state, "health": s.health} for s in self.services],
            "artifacts": self.artifacts,
            "do_api_url": facts.do_api_url,
            "guarded": {label: facts.url_of(label) for label in facts.guarded_hosts},
            "sign_in": None if self.sign_in is None else self._sign_in(self.sign_in),
        }

    @staticmethod
    def _sign_in(found: SignIn) -> dict[str, str]:
        """Say where the password is, never what it is: this document goes into logs."""
        return {"user": found.user, "staff_email": found.staff_email, "password_file": str(found.password_file)}


def read_status(project: Project, stack: str) -> Status:
    """Ask the droplet; raises NotDeployed or Unreachable."""
    facts = read_facts(project, stack)
    now = ask_engine(facts, "status")
    services = tuple(Service(s["name"], s["state"], s["health"]) for s in now["services"])
    return Status(
        facts,
        now["release"],
        now["previous"],
        services,
        _text(newest_artifacts(project, facts.address)),
        sign_in(project, facts),
    )


def curl_options(facts: Facts) -> str:
    """Return the options with which curl reaches the site without asking the system's DNS or CAs."""
    ca = "" if facts.ca_file is None else f"--cacert {facts.ca_file} "
    return f"{ca}--resolve {facts.domain}:443:{facts.address}"


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
