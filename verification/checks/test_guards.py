"""Guarded hosts show nothing to who has no password, and nothing of theirs is served elsewhere."""

from __future__ import annotations

import pytest

from verification.deployment import GUARDED, Deployment
from verification.expect import Expect
from verification.site import Site

pytestmark = pytest.mark.to_do(
    "Switch the host off (slipway:guardedHosts) until `only-operators` and `login` stand on its router again."
)
WRONG_PASSWORD = {"Authorization": "Basic YWRtaW46YWRtaW4="}  # admin:admin
LONGEST_REFUSAL = 64  # Traefik's own are a few words


@pytest.mark.parametrize("path", ["/", "/api/health", "/admin/login/"])
@pytest.mark.parametrize("label", sorted(GUARDED))
def test_guarded_hosts_show_nothing_to_a_stranger(
    label: str, path: str, site: Site, deployment: Deployment, expect: Expect
) -> None:
    """Switched off they don't exist; switched on they ask for a password or refuse the address."""
    name = f"{label}.{deployment.domain}"
    answer = site.ask(path, name=name, headers=WRONG_PASSWORD, any_certificate=True)
    allowed = {401, 403} if label in deployment.guarded_hosts else {404}
    expect.one_of("status", answer.status_code, allowed)
    expect.at_most("length of the answer", len(answer.text), LONGEST_REFUSAL)
