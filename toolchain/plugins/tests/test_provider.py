"""What a provider's author builds on: comparison, names, the context's clock and flag."""

from __future__ import annotations

import threading

import pytest

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.errors import Cancelled, TimedOut
from toolchain.plugins.provider import Context, DiffKind, Failure, autoname, compare, refuse_unlisted
from toolchain.plugins.values import UNKNOWN, Asset

URN = "urn:pulumi:dev::p::parent:x:Y$fake:index:Thing::web"


def test_comparison_names_the_paths_that_differ() -> None:
    old = {"a": 1, "list": [1, 2, 3], "map": {"x": 1, "y.z": 1}, "gone": "x", "same": {"q": [1]}}
    new = {"a": 2, "list": [1, 5], "map": {"x": 1, "y.z": 2}, "fresh": True, "same": {"q": [1]}}
    assert compare(old, new) == {
        "a": DiffKind.UPDATE,
        "list[1]": DiffKind.UPDATE,
        "list[2]": DiffKind.DELETE,
        'map["y.z"]': DiffKind.UPDATE,
        "gone": DiffKind.DELETE,
        "fresh": DiffKind.ADD,
    }


def test_a_change_inside_a_replacing_property_replaces() -> None:
    changes = compare({"a": [1], "b": 1, "c": 1}, {"a": [2, 3], "b": 2}, frozenset({"a", "c"}))
    assert changes == {
        "a[0]": DiffKind.UPDATE_REPLACE,
        "a[1]": DiffKind.ADD_REPLACE,
        "b": DiffKind.UPDATE,
        "c": DiffKind.DELETE_REPLACE,
    }


def test_an_unknown_counts_as_changed() -> None:
    assert compare({"a": {"b": 1}}, {"a": {"b": UNKNOWN}, "c": UNKNOWN}) == {"a.b": DiffKind.UPDATE, "c": DiffKind.ADD}


def test_files_are_compared_by_their_hash() -> None:
    assert compare({"a": Asset(hash="1")}, {"a": Asset(path="x", hash="1")}) == {}
    assert compare({"a": Asset(hash="1")}, {"a": Asset(path="x", hash="2")}) == {"a": DiffKind.UPDATE}


def test_types_tell_apart_what_python_calls_equal() -> None:
    assert compare({"a": 1}, {"a": True}) == {"a": DiffKind.UPDATE}
    assert compare({"a": 1}, {"a": 1.0}) == {}
    assert compare({"__defaults": []}, {}) == {}


def test_a_name_is_given_once_and_kept() -> None:
    context = Context(URN)
    first = autoname(context, {}, {})["name"]
    assert first.startswith("web-")
    assert len(first) == len("web-") + 7
    assert autoname(context, {"name": first}, {})["name"] == first
    assert autoname(context, {"name": first}, {"name": "mine"})["name"] == "mine"
    assert autoname(context, {}, {"name": UNKNOWN})["name"] is UNKNOWN
    assert autoname(Context(URN, proposed_name="asked"), {}, {})["name"] == "asked"
    assert len(autoname(Context("urn:a::b::c::" + "x" * 99), {}, {})["name"]) == 63


def test_unlisted_keys_are_refused_by_path() -> None:
    failures = refuse_unlisted(
        {"good": 1, "odd": 1, "none": None, "__defaults": []}, frozenset({"good"}), "a rule", "r[0]"
    )
    assert failures == [Failure("r[0].odd", "a rule has no support for the property 'odd' here")]


def test_waiting_ends_with_the_flag_or_the_clock() -> None:
    cancellation = Cancellation()
    context = Context(URN, cancelled=cancellation)
    threading.Timer(0.05, cancellation.set).start()
    with pytest.raises(Cancelled):
        context.wait(30)  # unless cancelled, it would end without a word
    limited = Context(URN, timeout_s=0.02)
    limited.wait(30)
    with pytest.raises(TimedOut):
        limited.wait(30)


def test_callbacks_come_once_even_when_late() -> None:
    cancellation = Cancellation()
    called: list[str] = []
    with cancellation.calling(lambda: called.append("early")):
        cancellation.set()
    with cancellation.calling(lambda: called.append("late")):
        pass
    cancellation.set()
    assert called == ["early", "late"]


def test_the_logical_name_ends_the_urn() -> None:
    assert Context(URN).name == "web"
