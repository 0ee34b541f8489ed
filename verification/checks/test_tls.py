"""TLS as visitors' browsers meet it: versions, ciphers, and a certificate that they trust for every name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from verification.certificates import (
    chain_faults,
    date_faults,
    distrusted_names,
    is_of_staging,
    key_faults,
    names_of,
)
from verification.deployment import Deployment
from verification.expect import Expect
from verification.suites import WEAK
from verification.tls import offered_suites, offered_versions, served_chain

OPTIONS = "TLS options are in traefik/templates/dynamic.yml."
ISSUING = "Look for `acme` in `slipway logs traefik`; a changed route makes it try again, and so does a deploy."


@pytest.mark.to_do(OPTIONS)
def test_only_current_versions_are_offered(deployment: Deployment, expect: Expect) -> None:
    """TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996)."""
    found = offered_versions(deployment.address, deployment.domain)
    expect.equal("versions", found, ["TLS 1.2", "TLS 1.3"])
    expect.note(" and ".join(found))


@pytest.mark.to_do(OPTIONS)
def test_only_strong_ciphers_are_offered(deployment: Deployment, expect: Expect) -> None:
    """Each keeps past traffic secret when a key gets out, and notices changed bytes."""
    found = offered_suites(deployment.address, deployment.domain)
    expect.at_least("suites of TLS 1.2", len(found), 1)
    expect.nothing("weak suites", found & set(WEAK.values()))


@pytest.mark.to_do(ISSUING)
def test_the_certificate_is_issued_by_acme_for_the_site(deployment: Deployment, expect: Expect) -> None:
    """Traefik's own default certificate would mean that ACME failed."""
    certificate = served_chain(deployment.address, deployment.domain)[0]
    expect.equal("names", set(names_of(certificate)), set(deployment.names))
    issuer = certificate.issuer.rfc4514_string()
    expect.that("issuer", is_of_staging(certificate), issuer, "Let's Encrypt's staging CA, or the local one")


@pytest.mark.to_do(ISSUING)
def test_the_certificate_holds_for_days(deployment: Deployment, expect: Expect) -> None:
    """Renewal comes a month before the end; days before it something is wrong."""
    certificate = served_chain(deployment.address, deployment.domain)[0]
    now = datetime.now(UTC)
    expect.nothing("faults of its dates", date_faults(certificate, now))
    expect.note(f"{(certificate.not_valid_after_utc - now).days} days left")


@pytest.mark.to_do(ISSUING)
def test_the_chain_is_whole(deployment: Deployment, expect: Expect) -> None:
    """Without the intermediate some browsers show a warning and others don't."""
    chain = served_chain(deployment.address, deployment.domain)
    expect.nothing("faults of the chain", chain_faults(chain))
    expect.nothing("weak keys", [fault for each in chain for fault in key_faults(each)])


@pytest.mark.to_do(f"{ISSUING} For Let's Encrypt's staging CA name its root: --ca-file=FILE (docs/staging.md).")
def test_every_name_is_trusted(deployment: Deployment, expect: Expect) -> None:
    """As a browser would judge it that knows the staging root."""
    found = distrusted_names(deployment.address, deployment.names, deployment.trust())
    expect.equal("names with a warning", found, {})
