from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console

from slipway.certificate import Certificate, parse, read_certificate
from slipway.doors import url_of
from slipway.drift import Change, changes_of
from slipway.droplet import Disk, Dump, Look
from slipway.errors import ConfigurationFault, Unreachable
from slipway.printing import concerns_of, print_releases, print_status
from slipway.releases import Release, describe
from slipway.status import Service, Status
from slipway.tests.test_guard import FACTS
from slipway.wording import ago

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SERVICES = tuple(Service(name, "running", "healthy") for name in ("api", "django", "frontend", "worker"))
LOOK = Look(
    disks=(Disk("/srv/slipway", 20000, 10000), Disk("/srv/slipway/data", 10000, 9000)),
    memory_total_mb=4096,
    dump=Dump("20260101-000000-abc1234.dump", 1_200_000, NOW - timedelta(hours=3)),
    revisions={FACTS.release: "abc1234"},
    runs={},
)
CERTIFICATE = Certificate("Staging CA", (FACTS.domain, f"www.{FACTS.domain}"), NOW + timedelta(days=80))
WELL = Status(
    FACTS,
    FACTS.release,
    "20251231-000000-abc0000",
    SERVICES,
    None,
    None,
    memory_free_mb=2000,
    look=LOOK,
    certificate=CERTIFICATE,
    checkout="abc1234",
)


def shown(status: Status) -> str:
    out = StringIO()
    print_status(Console(file=out, width=80, highlight=False), status)
    return out.getvalue()


def test_what_visitors_see_is_shown_while_the_droplet_is_silent() -> None:
    why = ("the droplet: timed out",)
    silent = Status(FACTS, FACTS.release, None, (), None, None, unknown=why, is_from_outside=True)
    said = shown(silent)
    assert said.startswith("✗ local: 1 to look at\n  unknown: the droplet: timed out")
    assert f"release    {FACTS.release}, as visitors are told" in said
    assert "services" not in said


def test_all_is_well_in_one_screen() -> None:
    said = shown(replace(WELL, certificate=replace(CERTIFICATE, not_after=datetime.now(UTC) + timedelta(days=80))))
    assert said.startswith("✓ local is well\n")
    assert max(len(line) for line in said.splitlines()) <= 80
    assert len(said.splitlines()) <= 24
    for wanted in (
        FACTS.site,
        FACTS.release,
        "is what serves",
        "4 of 4 healthy",
        "9.8 GB of 19.5 GB",
        "1.2 MB",
        "79 days",
    ):
        assert wanted in said


@pytest.mark.parametrize(
    ("changed", "concern"),
    [
        ({"release": None}, "no release serves"),
        ({"services": (Service("worker", "exited", "none"),)}, "worker is exited, none"),
        ({"down": ("routes",)}, "routes is not as the release wants it"),
        ({"unfinished": "apply"}, "a rollout (apply) was cut short"),
        ({"memory_free_mb": 100}, "only 100 MB of memory are free"),
        ({"look": replace(LOOK, disks=(Disk("/srv/slipway", 1000, 50),))}, "the disk of /srv/slipway is 95 % full"),
        ({"certificate": replace(CERTIFICATE, not_after=NOW + timedelta(days=3))}, "the certificate expires in 3 days"),
        ({"certificate": replace(CERTIFICATE, names=("TRAEFIK DEFAULT CERT",))}, "the certificate is not for"),
        ({"unknown": ("droplet: no answer",)}, "unknown: droplet: no answer"),
    ],
)
def test_each_thing_that_is_wrong_is_said(changed: dict[str, object], concern: str) -> None:
    assert concerns_of(WELL, NOW) == []
    (found,) = concerns_of(replace(WELL, **changed), NOW)  # type: ignore[arg-type]
    assert concern in found


def test_the_releases_that_are_kept_are_known_for_the_shell_to_complete() -> None:
    ids = {"20251230-000000-a": "a", FACTS.release: "b", "20251231-000000-abc0000": "c"}
    found = replace(WELL, look=replace(LOOK, revisions=ids)).release_states
    assert list(found.items()) == [
        (FACTS.release, "serving"),
        ("20251231-000000-abc0000", "previous"),
        ("20251230-000000-a", "kept"),
    ]
    assert replace(WELL, look=None).release_states == {}


def test_a_checkout_that_differs_is_told() -> None:
    assert "differs: a deploy would release dirty-1234567" in shown(replace(WELL, checkout="dirty-1234567"))


def test_drift_names_each_resource() -> None:
    drifted = replace(WELL, drift=(Change("update", "Firewall", "slipway-local"),))
    assert "update Firewall slipway-local" in shown(drifted)
    assert "none: pulumi up would change nothing" in shown(replace(WELL, drift=()))
    assert drifted.as_json()["drift"] == [{"deed": "update", "kind": "Firewall", "name": "slipway-local"}]


def test_a_preview_is_read_without_what_stays() -> None:
    urn = "urn:pulumi:local::slipway::slipway:network:Network$digitalocean:index/firewall:Firewall::slipway-local"
    steps = [{"op": "same", "urn": "a::b::c::d"}, {"op": "update", "urn": urn}]
    assert changes_of(json.dumps({"steps": steps})) == [Change("update", "Firewall", "slipway-local")]


def test_the_document_for_programs_tells_the_condition() -> None:
    document = WELL.as_json()
    assert document["checkout"] == {"revision": "abc1234", "differs": False}
    assert document["memory"] == {"total_mb": 4096, "free_mb": 2000}
    assert document["dump"]["file"] == "20260101-000000-abc1234.dump"
    assert document["certificate"]["issuer"] == "Staging CA"


def test_a_certificate_is_read_with_issuer_names_and_expiry() -> None:
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A CA")])
    names = x509.SubjectAlternativeName([x509.DNSName("example.com"), x509.DNSName("www.example.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=90))
        .add_extension(names, critical=False)
        .sign(key, None)
    )
    found = parse(made.public_bytes(Encoding.DER))
    assert found == Certificate("A CA", ("example.com", "www.example.com"), NOW + timedelta(days=90))
    assert (found.days_left(NOW), found.days_left(NOW + timedelta(days=91))) == (90, -1)
    assert found.covers("www.example.com")
    assert not found.covers("admin.example.com")


def test_a_site_that_does_not_speak_tls_is_told() -> None:
    with pytest.raises(Unreachable, match="doesn't speak TLS"):
        read_certificate("127.0.0.1", "example.com", port=1)


def test_releases_are_told_with_what_they_are_and_who_made_them() -> None:
    out = StringIO()
    made = (datetime.now(UTC) - timedelta(hours=3, seconds=1)).isoformat()
    release = Release(FACTS.release, "serving", "abc1234", made, "d", "root from 192.0.2.1", "Count in memory")
    print_releases(Console(file=out, width=80), [release])
    for wanted in (FACTS.release, "3 h ago", "serving", "Count in memory", "by root from 192.0.2.1"):
        assert wanted in out.getvalue()


def test_a_revision_is_described_by_its_commit_as_far_as_it_is_known() -> None:
    root = Path(__file__).resolve().parents[2]
    assert describe(root, "dirty-1234567") == "changes that were not committed"
    assert describe(root, "0000000") is None


def test_a_door_that_is_off_is_told_with_the_command_that_opens_it() -> None:
    assert url_of(FACTS, "site") == "https://slipway.test"
    assert url_of(FACTS, "admin") == "https://admin.slipway.test/admin/"
    with pytest.raises(ConfigurationFault, match=r"pulumi config set slipway:guardedHosts .*\"flower\".* -s local"):
        url_of(FACTS, "flower")
    with pytest.raises(ConfigurationFault, match="choose of: site, docs, admin, mail"):
        url_of(FACTS, "garden")


@pytest.mark.parametrize(
    ("span", "said"), [(59, "59 s ago"), (60, "1 min ago"), (7200, "2 h ago"), (172800, "2 d ago"), (-5, "0 s ago")]
)
def test_times_are_said_in_their_largest_unit(span: int, said: str) -> None:
    assert ago(timedelta(seconds=span)) == said
