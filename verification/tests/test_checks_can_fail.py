"""Each check is shown a deployment that is right, and one that is wrong in the one way that it is there to find.

tests/test_failing_checks.py breaks a real deployment in several of these ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from verification.checks import (
    test_api,
    test_artifacts,
    test_data_and_jobs,
    test_guards,
    test_headers,
    test_limits,
    test_network,
    test_routes,
    test_services,
    test_site,
    test_tls,
)
from verification.errors import VerificationError
from verification.suites import GOOD
from verification.tests.proofs import droplet, edge, site
from verification.tests.proofs.proof import Patch, Proof
from verification.tests.world import ADDRESS, World, checks_of

MODULES = (
    test_api,
    test_artifacts,
    test_data_and_jobs,
    test_guards,
    test_headers,
    test_limits,
    test_network,
    test_routes,
    test_services,
    test_site,
    test_tls,
)
PROOFS = site.PROOFS | edge.PROOFS | droplet.PROOFS


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch) -> Patch:
    """Replace a name of a module with checks; at first all that asks the network."""

    def replace(target: str, value: object) -> None:
        monkeypatch.setattr(f"verification.checks.{target}", value)

    replace("test_network.addresses_of", lambda name, server: {ADDRESS})
    replace("test_tls.offered_versions", lambda *_: ["TLS 1.2", "TLS 1.3"])
    replace("test_tls.offered_suites", lambda *_: set(GOOD.values()))
    replace("test_tls.served_chain", lambda *_: edge.chain())
    replace("test_tls.distrusted_names", lambda *_: {})
    return replace


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_a_check_passes_on_a_right_deployment_and_fails_on_a_wrong_one(
    proof: Proof, tmp_path: Path, patch: Patch
) -> None:
    check = checks_of(proof.module)[proof.check]
    assert World(tmp_path).judge(check, **proof.parameters).unmet == []
    broken = World(tmp_path)
    proof.break_it(broken, patch)
    try:
        unmet = broken.judge(check, **proof.parameters).unmet
    except VerificationError:
        return  # it can't be told that all is well
    assert unmet


def test_every_check_is_proved() -> None:
    written = {path.stem for path in (Path(test_api.__file__).parent).glob("test_*.py")}
    assert written == {module.__name__.rpartition(".")[2] for module in MODULES}
    every = {name for module in MODULES for name in checks_of(module)}
    assert {proof.check for proof in PROOFS.values()} == every
