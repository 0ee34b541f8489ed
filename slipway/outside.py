"""What can be said of a deployment whose droplet can't be asked: what visitors see."""

from __future__ import annotations

import httpx

from slipway.certificate import Certificate, read_certificate
from slipway.errors import Unreachable
from slipway.facts import read_facts
from slipway.guard import sign_in
from slipway.project import Project
from slipway.status import Status
from slipway.verify import newest_artifacts
from verification.deployment import Deployment, find_deployment, get


def read_from_outside(project: Project, stack: str, why: Unreachable) -> Status:
    """Ask the site alone; `why` the droplet could not be asked is the first thing that is unknown."""
    facts = read_facts(project, stack)
    unknown = [f"the droplet: {why}"]
    release, certificate = None, None
    try:
        release = _shown_release(find_deployment(project.root, facts.address, {}))
    except Unreachable as silence:
        unknown.append(f"the site: {silence}")
    else:
        certificate = _certificate(facts.address, facts.domain, unknown)
    folder = newest_artifacts(project, facts.address)
    return Status(
        facts,
        release,
        None,
        (),
        None if folder is None else str(folder),
        sign_in(project, facts),
        certificate=certificate,
        unknown=tuple(unknown),
        is_from_outside=True,
    )


def _shown_release(deployment: Deployment) -> str | None:
    """Return the release that the home page names; raises Unreachable when visitors get no page."""
    where = f"{deployment.domain} at {deployment.address}"
    try:
        with deployment.client(check_certificate=False) as client:  # the certificate is told by itself
            answer = get(client, deployment, "/")
    except httpx.HTTPError as error:
        raise Unreachable(f"{where} doesn't answer: {error}") from error
    if not answer.is_success:
        raise Unreachable(f"{where} answers {answer.status_code}")
    release: str | None = answer.headers.get("X-Release")
    return release


def _certificate(address: str, domain: str, unknown: list[str]) -> Certificate | None:
    try:
        return read_certificate(address, domain)
    except Unreachable as why:
        unknown.append(f"certificate: {why}")
        return None
