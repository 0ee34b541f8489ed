"""What a stack's deployment looks like now, in the shape that other programs read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from infra.content import revision
from slipway.certificate import Certificate, read_certificate
from slipway.drift import Change, find_drift
from slipway.droplet import Look, look_at
from slipway.errors import SlipwayError
from slipway.facts import Facts, read_facts
from slipway.guard import SignIn, sign_in
from slipway.project import Project
from slipway.remote import ask_engine
from slipway.verify import newest_artifacts

HEALTHY = "healthy"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Service:
    """One container of the deployment."""

    name: str
    state: str
    health: str


@dataclass(frozen=True)
class Status:
    """The facts of a deployment and what runs there; what could not be had is None, and `unknown` says why."""

    facts: Facts
    release: str | None
    previous: str | None
    services: tuple[Service, ...]
    artifacts: str | None
    sign_in: SignIn | None
    down: tuple[str, ...] = ()
    locked_by: dict[str, Any] | None = None
    unfinished: str | None = None
    memory_free_mb: int | None = None
    look: Look | None = None
    certificate: Certificate | None = None
    checkout: str | None = None
    drift: tuple[Change, ...] | None = None
    unknown: tuple[str, ...] = ()
    is_from_outside: bool = False  # the droplet could not be asked: this is what visitors see

    @property
    def revision(self) -> str | None:
        """The revision that serves."""
        return None if self.look is None or self.release is None else self.look.revisions.get(self.release)

    @property
    def differs(self) -> bool | None:
        """Whether a deploy of this checkout would release something else; None when that isn't known."""
        return None if self.revision is None or self.checkout is None else self.revision != self.checkout

    @property
    def release_states(self) -> dict[str, str]:
        """The releases that are kept, newest first, each with its state."""
        known = {self.previous: "previous", self.release: "serving"}
        ids = sorted(self.look.revisions, reverse=True) if self.look else []
        return {id_: known.get(id_, "kept") for id_ in ids}

    @property
    def ailing(self) -> tuple[Service, ...]:
        """The services that are not healthy."""
        return tuple(service for service in self.services if service.health != HEALTHY)

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
            **self._condition(),
        }

    def _condition(self) -> dict[str, Any]:
        look, dump = self.look, self.look.dump if self.look else None
        return {
            "down": list(self.down),
            "locked_by": self.locked_by,
            "unfinished": self.unfinished,
            "revision": self.revision,
            "checkout": {"revision": self.checkout, "differs": self.differs},
            "certificate": None if self.certificate is None else self.certificate.as_json(),
            "disks": None if look is None else [asdict(disk) for disk in look.disks],
            "memory": {"total_mb": None if look is None else look.memory_total_mb, "free_mb": self.memory_free_mb},
            "dump": None if dump is None else {"file": dump.file, "bytes": dump.size, "at": dump.at.isoformat()},
            "drift": None if self.drift is None else [change.as_json() for change in self.drift],
            "unknown": list(self.unknown),
        }

    @staticmethod
    def _sign_in(found: SignIn) -> dict[str, str]:
        """Say where the password is, never what it is: this document goes into logs."""
        return {"user": found.user, "staff_email": found.staff_email, "password_file": str(found.password_file)}


def read_status(project: Project, stack: str, *, with_drift: bool = False) -> Status:
    """Ask droplet, site and, where wanted, the cloud, all at once; raises NotDeployed or Unreachable."""
    facts = read_facts(project, stack)
    unknown: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        asked = pool.submit(ask_engine, facts, "status")
        looked = pool.submit(look_at, facts)
        shown = pool.submit(read_certificate, facts.address, facts.domain)
        drifted = pool.submit(find_drift, project, stack) if with_drift else None
        checkout = revision(project.root)
        served = _served(project, facts, asked.result())
    drift = None if drifted is None else _had(drifted.result, "drift", unknown)
    return replace(
        served,
        look=_had(looked.result, "droplet", unknown),
        certificate=_had(shown.result, "certificate", unknown),
        checkout=checkout,
        drift=None if drift is None else tuple(drift),
        unknown=tuple(unknown),
    )


def _served(project: Project, facts: Facts, now: Mapping[str, Any]) -> Status:
    """Return what the engine says of itself, with what is known here."""
    return Status(
        facts,
        now["release"],
        now["previous"],
        tuple(Service(s["name"], s["state"], s["health"]) for s in now["services"]),
        _text(newest_artifacts(project, facts.address)),
        sign_in(project, facts),
        down=tuple(now.get("down", ())),
        locked_by=now.get("locked_by"),
        unfinished=now.get("unfinished"),
        memory_free_mb=now.get("memory_free_mb"),
    )


def _had(result: Callable[[], Found], what: str, unknown: list[str]) -> Found | None:
    """Return a part of the status; one that can't be had is named, and the rest is shown all the same."""
    try:
        return result()
    except SlipwayError as why:
        unknown.append(f"{what}: {why}")
        return None


def curl_options(facts: Facts) -> str:
    """Return the options with which curl reaches the site without asking the system's DNS or CAs."""
    ca = "" if facts.ca_file is None else f"--cacert {facts.ca_file} "
    return f"{ca}--resolve {facts.domain}:443:{facts.address}"


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
