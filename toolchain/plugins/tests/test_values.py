"""Values on their way to and from the engine."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolchain.plugins.values import (
    SIGNATURE,
    UNKNOWN,
    UNKNOWN_SENTINEL,
    UNKNOWN_SENTINELS,
    Archive,
    Asset,
    ResourceReference,
    Secret,
    Value,
    contains_secret,
    contains_unknown,
    drop_unknowns,
    from_struct,
    mark_secrets,
    strip_secrets,
    to_struct,
)

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8) | st.just(UNKNOWN)
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=4), plain, max_size=4))
def test_plain_values_survive_the_way_there_and_back(properties: dict[str, Value]) -> None:
    assert from_struct(to_struct(properties)) == properties


@pytest.mark.parametrize(
    "value",
    [
        Secret({"a": [1, "b"]}),
        [Secret("x"), {"y": Secret(None)}],
        Asset(path="a/b", hash="h"),
        Asset(text="", hash="h"),
        Archive(assets={"one": Asset(path="x", hash="1"), "two": Archive(path="y", hash="2")}, hash="3"),
        ResourceReference("urn:x", "id"),
        1.5,
        [],
        {},
    ],
)
def test_marked_values_survive_the_way_there_and_back(value: Value) -> None:
    assert from_struct(to_struct({"it": value})) == {"it": value}


def test_whole_doubles_become_integers_and_booleans_stay() -> None:
    found = from_struct(to_struct({"n": 3.0, "h": 0.5, "t": True}))
    assert [type(found[key]) for key in ("n", "h", "t")] == [int, float, bool]


def test_each_sentinel_is_the_one_unknown() -> None:
    for sentinel in UNKNOWN_SENTINELS:
        assert from_struct(to_struct({"it": [sentinel]}))["it"][0] is UNKNOWN
    assert to_struct({"it": UNKNOWN}).fields["it"].string_value == UNKNOWN_SENTINEL
    assert copy.deepcopy({"it": UNKNOWN})["it"] is UNKNOWN


def test_an_unknown_has_no_truth() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


def test_secrets_and_unknowns_are_found_at_any_depth() -> None:
    assert contains_unknown({"a": [Secret([UNKNOWN])]})
    assert not contains_unknown({"a": [Secret([1])]})
    assert contains_secret([{"a": Secret(1)}])
    assert strip_secrets({"a": [Secret({"b": Secret(1)})]}) == {"a": [{"b": 1}]}
    assert drop_unknowns({"a": UNKNOWN, "b": [UNKNOWN], "c": Secret({"d": UNKNOWN})}) == {
        "b": [None],
        "c": Secret({}),
    }


def test_marks_go_where_they_were_or_over_the_whole() -> None:
    assert mark_secrets({"a": 1, "b": 2}, {"a": Secret(0)}) == {"a": Secret(1), "b": 2}
    assert mark_secrets([1, 2], [0, Secret(0)]) == [1, Secret(2)]
    assert mark_secrets([1, 2, 3], [0, Secret(0)]) == Secret([1, 2, 3])
    assert mark_secrets("text", {"a": Secret(0)}) == Secret("text")
    assert mark_secrets(UNKNOWN, Secret(0)) is UNKNOWN


def test_what_is_no_value_is_refused_by_its_place() -> None:
    with pytest.raises(TypeError, match=r"a\[0\]: object is not a property value"):
        to_struct({"a": [object()]})


def test_a_map_that_only_looks_special_is_a_map() -> None:
    assert from_struct(to_struct({"a": {SIGNATURE: "of something else", "value": 1}})) == {
        "a": {SIGNATURE: "of something else", "value": 1}
    }
