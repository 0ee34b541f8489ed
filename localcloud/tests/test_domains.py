"""Domains and records: what is accepted, answered and served."""

from typing import Any

import pytest

from localcloud.runtime import Record
from localcloud.tests.conftest import Served

ZONE = "example.test"
NAME_SERVERS = ["ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com"]


@pytest.fixture
def zone(local: Served) -> Served:
    local.do.domains.create(body={"name": ZONE})
    return local


def add(local: Served, **fields: object) -> dict[str, Any]:
    made: dict[str, Any] = local.do.domains.create_record(ZONE, body=fields)["domain_record"]
    assert local.do.domains.get_record(ZONE, made["id"])["domain_record"] == made
    return made


def served(local: Served) -> list[Record]:
    return [record for record in local.runtime.zones[ZONE] if record.type not in ("SOA", "NS")]


def test_a_new_domain_has_the_services_own_records(local: Served) -> None:
    made = local.do.domains.create(body={"name": ZONE, "ip_address": "192.0.2.1"})["domain"]
    assert made == {"name": ZONE, "ttl": None, "zone_file": None}
    records = local.do.domains.list_records(ZONE)["domain_records"]
    assert [(r["type"], r["name"], r["data"], r["ttl"]) for r in records] == [
        ("SOA", "@", "1800", 1800),
        *[("NS", "@", server, 1800) for server in NAME_SERVERS],
        ("A", "@", "192.0.2.1", 1800),
    ]
    domain = local.do.domains.get(ZONE)["domain"]
    assert domain["ttl"] == 1800
    assert "example.test. IN 1800 A 192.0.2.1\n" in domain["zone_file"]
    assert served(local) == [Record("@", "A", "192.0.2.1", 1800)]


def test_the_serial_grows_with_each_change(zone: Served) -> None:
    def serial() -> int:
        return int(next(record.data for record in zone.runtime.zones[ZONE] if record.type == "SOA"))

    before = serial()
    add(zone, type="A", name="www", data="192.0.2.1")
    assert serial() == before + 1


@pytest.mark.parametrize(
    ("sent", "answered", "published"),
    [
        (
            {"type": "A", "name": "www", "data": "192.0.2.1", "priority": 0, "port": 0, "weight": 0, "flags": 0},
            {"data": "192.0.2.1", "priority": None, "port": None, "flags": None, "tag": None, "ttl": 1800},
            Record("www", "A", "192.0.2.1", 1800),
        ),
        ({"type": "AAAA", "name": "@", "data": "2001:db8::1"}, {}, Record("@", "AAAA", "2001:db8::1", 1800)),
        (
            {"type": "CNAME", "name": "*.app", "data": "other.test.", "ttl": 30},
            {"data": "other.test", "ttl": 30},
            Record("*.app", "CNAME", "other.test", 30),
        ),
        ({"type": "CNAME", "name": "www", "data": "@"}, {"data": "@"}, Record("www", "CNAME", ZONE, 1800)),
        (
            {"type": "MX", "name": "@", "data": "mail.example.test.", "priority": 10},
            {"data": "mail.example.test", "priority": 10},
            Record("@", "MX", "mail.example.test", 1800, priority=10),
        ),
        (
            {"type": "TXT", "name": "_acme-challenge", "data": 'v=spf1 "include" -all.'},
            {"data": 'v=spf1 "include" -all.'},
            Record("_acme-challenge", "TXT", 'v=spf1 "include" -all.', 1800),
        ),
        (
            {"type": "SRV", "name": "_sip._tcp", "data": "sip.test.", "priority": 1, "weight": 2, "port": 5060},
            {"priority": 1, "weight": 2, "port": 5060, "data": "sip.test"},
            Record("_sip._tcp", "SRV", "sip.test", 1800, priority=1, weight=2, port=5060),
        ),
        (
            {"type": "CAA", "name": "@", "data": "letsencrypt.org.", "flags": 0, "tag": "issue"},
            {"data": "letsencrypt.org", "flags": 0, "tag": "issue"},
            Record("@", "CAA", "letsencrypt.org", 1800, tag="issue"),
        ),
        (
            {"type": "CAA", "name": "@", "data": "mailto:x@example.test", "flags": 128, "tag": "iodef"},
            {"data": "mailto:x@example.test", "flags": 128},
            Record("@", "CAA", "mailto:x@example.test", 1800, flags=128, tag="iodef"),
        ),
        ({"type": "NS", "name": "sub", "data": "ns.other.test."}, {"data": "ns.other.test"}, None),
        ({"type": "A", "name": "api.example.test.", "data": "192.0.2.1"}, {"name": "api"}, None),
        ({"type": "A", "name": "example.test.", "data": "192.0.2.1"}, {"name": "@"}, None),
    ],
)
def test_a_record_is_answered_in_its_normal_form_and_served(
    zone: Served, sent: dict[str, object], answered: dict[str, object], published: Record | None
) -> None:
    made = add(zone, **sent)
    assert {name: made[name] for name in answered} == answered
    if published:
        assert served(zone) == [published]


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "A", "name": "www", "data": "not-an-address"},
        {"type": "AAAA", "name": "www", "data": "192.0.2.1"},
        {"type": "A", "name": "www", "data": ""},
        {"type": "CNAME", "name": "www", "data": "other.test"},
        {"type": "MX", "name": "@", "data": "mail.test."},
        {"type": "SRV", "name": "_sip._tcp", "data": "sip.test.", "priority": 1},
        {"type": "CAA", "name": "@", "data": "ca.test.", "flags": 0, "tag": "other"},
        {"type": "CAA", "name": "@", "data": "ca.test.", "flags": 256, "tag": "issue"},
        {"type": "A", "name": "www", "data": "192.0.2.1", "ttl": 29},
        {"type": "A", "name": "no spaces", "data": "192.0.2.1"},
        {"type": "SOA", "name": "@", "data": "1"},
        {"type": "PTR", "name": "@", "data": "x."},
        {"type": "CNAME", "name": "taken", "data": "other.test."},
        {"type": "A", "name": "taken", "data": "192.0.2.1"},
    ],
)
def test_a_record_that_breaks_a_rule_is_refused(zone: Served, sent: dict[str, object]) -> None:
    add(zone, type="A", name="taken", data="192.0.2.1")
    before = zone.do.domains.list_records(ZONE)
    assert zone.refusal("POST", f"/v2/domains/{ZONE}/records", sent)[0] == 422
    assert zone.do.domains.list_records(ZONE) == before


def test_a_record_is_changed_in_part_and_removed(zone: Served) -> None:
    made = add(zone, type="MX", name="@", data="mail.test.", priority=10)
    patched = zone.do.domains.patch_record(ZONE, made["id"], body={"type": "MX", "priority": 20})["domain_record"]
    assert patched == made | {"priority": 20}
    put = {"name": "mx", "data": "other.test.", "priority": 0, "port": 0, "weight": 0, "flags": 0, "ttl": 60}
    changed = zone.do.domains.update_record(ZONE, made["id"], body=put)["domain_record"]
    assert changed == made | {"name": "mx", "data": "other.test", "priority": 0, "ttl": 60}
    assert served(zone) == [Record("mx", "MX", "other.test", 60)]
    zone.do.domains.delete_record(ZONE, made["id"])
    assert served(zone) == []
    assert zone.refusal("GET", f"/v2/domains/{ZONE}/records/{made['id']}")[0] == 404


def test_records_are_found_by_name_and_type(zone: Served) -> None:
    www = add(zone, type="A", name="www", data="192.0.2.1")
    apex = add(zone, type="A", name="@", data="192.0.2.1")
    add(zone, type="TXT", name="www", data="text")
    by_both = zone.do.domains.list_records(ZONE, name="www.example.test", type="A")["domain_records"]
    assert by_both == [www]
    assert zone.do.domains.list_records(ZONE, name=ZONE, type="A")["domain_records"] == [apex]


def test_the_soa_record_stays(zone: Served) -> None:
    soa = zone.do.domains.list_records(ZONE, type="SOA")["domain_records"][0]
    assert zone.refusal("DELETE", f"/v2/domains/{ZONE}/records/{soa['id']}")[0] == 422
    changed = zone.do.domains.patch_record(ZONE, soa["id"], body={"type": "SOA", "ttl": 60})["domain_record"]
    assert changed == soa | {"ttl": 60}


def test_a_deleted_domain_is_no_longer_served(zone: Served) -> None:
    assert zone.refusal("POST", "/v2/domains", {"name": ZONE})[0] == 422
    zone.do.domains.delete(ZONE)
    assert zone.runtime.zones == {}
    assert zone.refusal("GET", f"/v2/domains/{ZONE}/records")[0] == 404


def test_a_name_server_that_fails_does_not_lose_the_record(zone: Served) -> None:
    zone.runtime.failing.add("publish_zones")
    add(zone, type="A", name="one", data="192.0.2.1")
    zone.runtime.failing.clear()
    add(zone, type="A", name="two", data="192.0.2.2")
    assert [record.name for record in served(zone)] == ["one", "two"]


def test_the_zone_file_writes_every_type(zone: Served) -> None:
    add(zone, type="CNAME", name="www", data="@")
    add(zone, type="MX", name="@", data="mail.test.", priority=10)
    add(zone, type="SRV", name="_sip._tcp", data="sip.test.", priority=1, weight=2, port=5060)
    add(zone, type="CAA", name="@", data="ca.test.", flags=0, tag="issue")
    add(zone, type="TXT", name="t", data='say "hi"')
    lines = zone.do.domains.get(ZONE)["domain"]["zone_file"].splitlines()
    assert lines[-5:] == [
        "www.example.test. IN 1800 CNAME example.test.",
        "example.test. IN 1800 MX 10 mail.test.",
        "_sip._tcp.example.test. IN 1800 SRV 1 2 5060 sip.test.",
        'example.test. IN 1800 CAA 0 issue "ca.test"',
        't.example.test. IN 1800 TXT "say \\"hi\\""',
    ]
