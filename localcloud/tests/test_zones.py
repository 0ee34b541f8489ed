import pytest
from dnslib import QTYPE, RCODE, RR, A, DNSRecord

from localcloud.machines.dns import NameServer
from localcloud.machines.zones import Zones, built_in
from localcloud.runtime import Record

ZONES = Zones(
    {
        "shop.test": (
            Record("@", "SOA", "1700000000", 1800),
            Record("@", "A", "198.18.1.1", 60),
            Record("@", "MX", "mail.shop.test", 60, priority=10),
            Record("@", "TXT", "x" * 300, 60),
            Record("@", "CAA", "letsencrypt.org", 60, flags=0, tag="issue"),
            Record("www", "CNAME", "shop.test", 60),
            Record("away", "CNAME", "elsewhere.example", 60),
            Record("v6", "AAAA", "2001:db8::1", 60),
            Record("_sip._tcp", "SRV", "sip.shop.test", 60, priority=1, weight=2, port=5060),
            Record("*", "A", "198.18.1.9", 60),
            Record("deep.under", "A", "198.18.1.3", 60),
        ),
        "part.shop.test": (Record("@", "A", "198.18.1.5", 60),),
    }
    | built_in("acme.localcloud.test", "198.18.0.3")
)


def no_look_up(request: DNSRecord) -> DNSRecord:
    raise AssertionError(f"{request.q.qname} was looked up elsewhere")


def ask(name: str, kind: str = "A") -> DNSRecord:
    answer = ZONES.answer(DNSRecord.question(name, kind), no_look_up)
    assert answer is not None
    return answer


def texts(answer: DNSRecord) -> list[str]:
    return [f"{QTYPE[entry.rtype]} {entry.rdata}" for entry in answer.rr]


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("shop.test", "A", ["A 198.18.1.1"]),
        ("SHOP.test.", "A", ["A 198.18.1.1"]),
        ("shop.test", "MX", ["MX 10 mail.shop.test."]),
        ("shop.test", "CAA", ['CAA 0 issue "letsencrypt.org"']),
        ("v6.shop.test", "AAAA", ["AAAA 2001:db8::1"]),
        ("_sip._tcp.shop.test", "SRV", ["SRV 1 2 5060 sip.shop.test."]),
        ("www.shop.test", "A", ["CNAME shop.test.", "A 198.18.1.1"]),
        ("any.thing.shop.test", "A", ["A 198.18.1.9"]),
        ("part.shop.test", "A", ["A 198.18.1.5"]),
        ("acme.localcloud.test", "A", ["A 198.18.0.3"]),
    ],
)
def test_names_are_answered(name: str, kind: str, expected: list[str]) -> None:
    answer = ask(name, kind)
    assert texts(answer) == expected
    assert answer.header.aa == 1


def test_a_wildcard_answers_under_the_name_that_was_asked() -> None:
    assert str(ask("blog.shop.test").rr[0].rname) == "blog.shop.test."


def test_long_text_survives_the_wire() -> None:
    packed = DNSRecord.parse(ask("shop.test", "TXT").pack())
    assert b"".join(packed.rr[0].rdata.data) == b"x" * 300


def test_a_name_with_other_types_only_exists_but_has_no_data() -> None:
    answer = ask("v6.shop.test", "A")
    assert (answer.header.rcode, texts(answer)) == (RCODE.NOERROR, [])
    assert answer.auth[0].rtype == QTYPE.SOA


def test_a_name_between_zone_and_record_exists() -> None:
    assert ask("under.shop.test").header.rcode == RCODE.NOERROR


def test_a_name_that_nothing_covers_does_not_exist() -> None:
    for name in ("nothing.part.shop.test", "other.localcloud.test", "nothing.under.shop.test"):
        answer = ask(name)
        assert answer.header.rcode == RCODE.NXDOMAIN, name
        assert answer.auth[0].rtype == QTYPE.SOA


def test_other_zones_are_left_to_others() -> None:
    assert ZONES.answer(DNSRecord.question("example.org"), no_look_up) is None
    assert ZONES.answer(DNSRecord.question("notshop.test"), no_look_up) is None


def test_publishing_replaces_every_zone_but_our_own() -> None:
    server = NameServer("198.18.0.1", "198.18.0.3")
    server.publish({"old.test": (Record("@", "A", "198.18.1.1", 60),)})
    server.publish({"new.test": (Record("@", "A", "198.18.1.2", 60),)})
    assert server.zones.answer(DNSRecord.question("old.test"), no_look_up) is None
    for name in ("new.test", "acme.localcloud.test"):
        reply = DNSRecord.parse(server.reply(DNSRecord.question(name).pack(), over_tcp=False))
        assert len(reply.rr) == 1, name


def test_an_alias_to_elsewhere_is_followed() -> None:
    def look_up(request: DNSRecord) -> DNSRecord:
        reply = request.reply()
        reply.add_answer(RR(request.q.qname, QTYPE.A, ttl=5, rdata=A("192.0.2.1")))
        return reply

    answer = ZONES.answer(DNSRecord.question("away.shop.test"), look_up)
    assert answer is not None
    assert texts(answer) == ["CNAME elsewhere.example.", "A 192.0.2.1"]
