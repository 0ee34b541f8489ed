from __future__ import annotations

from typing import Any

import pytest

from toolchain.plugins.digitalocean.diffs import field_changes
from toolchain.plugins.digitalocean.fields import Field, as_written, coerce, is_same, lower, snake
from toolchain.plugins.digitalocean.resources.dns_record import DnsRecord
from toolchain.plugins.digitalocean.resources.firewall import INBOUND
from toolchain.plugins.provider import DiffKind
from toolchain.plugins.values import UNKNOWN

TAGS = Field("tags", "texts", normal=lower)


def rule(ports: str | None = "80", addresses: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return {"protocol": "tcp", "portRange": ports, "sourceAddresses": addresses or ["0.0.0.0/0"], **more}


@pytest.mark.parametrize(
    ("kind", "given", "taken"),
    [
        ("whole", "12", 12),
        ("text", 12, "12"),
        ("flag", "true", True),
        ("texts", [1, "b"], ["1", "b"]),
        ("wholes", ["7"], [7]),
    ],
)
def test_values_are_brought_into_their_type(kind: Any, given: Any, taken: Any) -> None:
    assert coerce(Field("x", kind), given, "x") == (taken, [])


@pytest.mark.parametrize(
    ("kind", "given", "path"),
    [("whole", 1.5, "x"), ("whole", "a", "x"), ("flag", 1, "x"), ("texts", "a", "x"), ("wholes", ["a"], "x[0]")],
)
def test_values_of_a_wrong_type_are_named(kind: Any, given: Any, path: str) -> None:
    assert [failure.property for failure in coerce(Field("x", kind), given, "x")[1]] == [path]


def test_unknowns_stay_where_they_are() -> None:
    assert coerce(Field("x", "wholes"), [UNKNOWN, "3"], "x") == ([UNKNOWN, 3], [])


def test_unlisted_key_inside_a_rule_is_refused_by_name() -> None:
    failures = coerce(INBOUND, [rule(sourceMoons=["io"])], "inboundRules")[1]
    assert [(failure.property, "sourceMoons" in failure.reason) for failure in failures] == [
        ("inboundRules[0].sourceMoons", True)
    ]


@pytest.mark.parametrize(("camel", "api"), [("sourceLoadBalancerUids", "source_load_balancer_uids"), ("ipv6", "ipv6")])
def test_names_as_the_api_writes_them(camel: str, api: str) -> None:
    assert snake(camel) == api


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["web", "slipway"], ["Slipway", "web"]),
        (None, []),
    ],
)
def test_tags_are_equal_whatever_their_order_and_case(old: Any, new: Any) -> None:
    assert field_changes(TAGS, old, new, {}) == {}


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (["a", "b"], ["b", "c", "a"], {"tags[1]": DiffKind.ADD}),
        (["a", "b", "c"], ["a"], {"tags[1]": DiffKind.DELETE, "tags[2]": DiffKind.DELETE}),
        (["a", "b"], ["a", "c"], {"tags[1]": DiffKind.UPDATE}),
        (["a"], None, {"tags": DiffKind.DELETE}),
        (None, ["a"], {"tags": DiffKind.ADD}),
        (["a"], ["a", UNKNOWN], {"tags[1]": DiffKind.ADD}),
        (["a"], UNKNOWN, {"tags": DiffKind.UPDATE}),
    ],
)
def test_changes_of_a_set_point_at_its_entries(old: Any, new: Any, changes: Any) -> None:
    assert field_changes(TAGS, old, new, {}) == changes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rule("all"), rule("0")),
        (rule("all"), rule("1-65535")),
        (rule(addresses=["10.0.0.1/8"]), rule(addresses=["10.0.0.0/8"])),
        (rule(addresses=["::/0", "0.0.0.0/0"]), rule(addresses=["0.0.0.0/0", "::/0"])),
        (rule(sourceTags=[]), rule()),
        (rule(action="allow"), rule()),
        ({"protocol": "icmp", "portRange": ""}, {"protocol": "icmp", "portRange": "0"}),
        ({"protocol": "icmp"}, {"protocol": "icmp", "portRange": "all"}),
    ],
)
def test_rules_that_mean_the_same_are_equal(one: Any, other: Any) -> None:
    assert is_same(INBOUND, [one], [other], {})


def test_change_inside_a_rule_is_shown_where_it_is() -> None:
    old, new = [rule("80"), rule("443")], [rule("443"), rule("8080")]
    assert field_changes(INBOUND, old, new, {}) == {"inboundRules[0]": DiffKind.DELETE, "inboundRules[1]": DiffKind.ADD}
    assert field_changes(INBOUND, [rule("80")], [rule("81")], {}) == {"inboundRules[0].portRange": DiffKind.UPDATE}


def test_replacing_property_replaces() -> None:
    assert field_changes(Field("region", replaces=True), "fra1", "ams3", {}) == {"region": DiffKind.UPDATE_REPLACE}
    assert field_changes(Field("region", replaces=True), "fra1", UNKNOWN, {}) == {"region": DiffKind.UPDATE_REPLACE}


def test_live_values_are_told_in_the_programs_words() -> None:
    assert as_written(TAGS, ["Web", "b"], ["b", "web"], {}) == ["Web", "b"]
    assert as_written(TAGS, ["Web", "b"], ["z", "c", "web"], {}) == ["Web", "c", "z"]
    assert as_written(TAGS, ["Web"], None, {}) is None
    assert as_written(INBOUND, [rule("all")], [rule("0")], {}) == [rule("all")]


@pytest.mark.parametrize(
    ("kind", "written", "live"),
    [
        ("CNAME", "web.example.test.", "web.example.test"),
        ("MX", "mail.example.test", "mail.example.test."),
        ("CNAME", "@", "@"),
        ("AAAA", "2001:DB8:0::1", "2001:db8::1"),
    ],
)
def test_record_data_is_compared_without_the_final_dot(kind: str, written: str, live: str) -> None:
    value = next(field for field in DnsRecord.fields if field.name == "value")
    assert is_same(value, written, live, {"type": kind, "domain": "example.test"})


def test_text_record_is_compared_letter_by_letter() -> None:
    value = next(field for field in DnsRecord.fields if field.name == "value")
    assert not is_same(value, "v=spf1 -all.", "v=spf1 -all", {"type": "TXT", "domain": "example.test"})


def test_record_name_may_be_written_in_full() -> None:
    name = next(field for field in DnsRecord.fields if field.name == "name")
    assert is_same(name, "www.example.test", "www", {"domain": "example.test"})
    assert is_same(name, "example.test.", "@", {"domain": "example.test"})
