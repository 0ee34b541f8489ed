from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from verification.certificates import chain_faults, date_faults, described, is_of_staging, key_faults, names_of
from verification.tests.authority import NOW, Issued, issue


@pytest.fixture(scope="module")
def intermediate() -> Issued:
    return issue("Pebble Intermediate CA", issue("Pebble Root CA"))


def test_a_good_chain_has_no_faults(intermediate: Issued) -> None:
    leaf = issue("site", intermediate, names=("x.test", "www.x.test")).certificate
    assert names_of(leaf) == ["x.test", "www.x.test"]
    assert date_faults(leaf, NOW) == []
    assert chain_faults([leaf, intermediate.certificate]) == []
    assert key_faults(leaf) == []
    assert is_of_staging(leaf)
    assert described([leaf])["key"] == "EC 256"


@pytest.mark.parametrize(
    ("days", "fault"),
    [(-30, "expired on 2026-05-02 00:00 UTC"), (-0.01, "expired"), (3, "expires in 72 hours"), (8, None)],
)
def test_an_expired_certificate_is_found_and_one_that_soon_will_be(
    intermediate: Issued, days: float, fault: str | None
) -> None:
    begins, ends = NOW - timedelta(days=90), NOW + timedelta(days=days)
    leaf = issue("site", intermediate, names=("x.test",), begins=begins, ends=ends).certificate
    found = date_faults(leaf, NOW)
    assert len(found) == (0 if fault is None else 1)
    assert all(each.startswith(str(fault)) for each in found)


def test_a_certificate_of_tomorrow_is_found(intermediate: Issued) -> None:
    leaf = issue("site", intermediate, names=("x.test",), begins=NOW + timedelta(days=1)).certificate
    assert date_faults(leaf, NOW) == ["holds from 2026-06-02 00:00 UTC on only"]


def test_a_missing_or_wrong_intermediate_is_found(intermediate: Issued) -> None:
    leaf = issue("site", intermediate, names=("x.test",)).certificate
    assert chain_faults([leaf]) == ["the intermediate certificate isn't sent"]
    stranger = issue("Another CA").certificate
    assert chain_faults([leaf, stranger]) == ["CN=site isn't signed by CN=Another CA"]


def test_a_small_key_is_found(intermediate: Issued) -> None:
    leaf = issue("site", intermediate, names=("x.test",), curve=ec.SECP224R1()).certificate
    assert key_faults(leaf) == ["a key of EC 224"]


def test_a_production_or_default_certificate_is_told_from_one_of_staging() -> None:
    assert not is_of_staging(issue("TRAEFIK DEFAULT CERT", names=("x.test",)).certificate)
    assert not is_of_staging(issue("site", issue("R11"), names=("x.test",)).certificate)
    assert is_of_staging(issue("site", issue("(STAGING) Wannabe Watercress R11"), names=("x.test",)).certificate)
