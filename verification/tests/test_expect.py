from __future__ import annotations

import pytest

from verification.expect import Expect


def test_a_check_goes_on_after_its_first_disappointment_and_tells_all() -> None:
    expect = Expect()
    expect.equal("status", 500, 200)
    expect.at_most("seconds", 6.0, 5.0, " s")
    expect.equal("release", "x", "x")
    with pytest.raises(AssertionError) as told:
        expect.settle()
    assert str(told.value) == "status: expected 200, seen 500; seconds: expected 5 s or less, seen 6 s"


def test_a_check_that_found_all_as_expected_passes() -> None:
    expect = Expect()
    expect.at_least("replies", 3, 1)
    expect.one_of("status", 401, {401, 403})
    expect.all_of("keys", ["a", "b"], ["a"])
    expect.nothing("faults", [])
    expect.settle()
    assert [finding.is_met for finding in expect.findings] == [True] * 4


def test_of_two_mappings_only_what_differs_is_told() -> None:
    expect = Expect()
    expect.equal("services", {"api": "healthy", "stray": "up"}, {"api": "healthy", "worker": "healthy"})
    (finding,) = expect.unmet
    assert finding.seen == "stray: up, worker: absent"
    assert finding.expected == "stray: absent, worker: healthy"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("equal", ("x", 1, 2)),
        ("one_of", ("x", 200, {401, 403})),
        ("at_least", ("x", 0, 1)),
        ("at_most", ("x", 2, 1)),
        ("all_of", ("x", ["a"], ["a", "b"])),
        ("nothing", ("x", {"stray"})),
        ("that", ("x", False, "this", "that")),
    ],
)
def test_each_way_of_expecting_can_fail(method: str, arguments: tuple[object, ...]) -> None:
    expect = Expect()
    getattr(expect, method)(*arguments)
    assert len(expect.unmet) == 1


def test_values_read_without_quotes_and_brackets() -> None:
    expect = Expect()
    expect.equal("ports", {("traefik", "80"), ("api", "5001")}, {("traefik", "80")})
    expect.equal("header", None, True)
    assert [(f.expected, f.seen) for f in expect.unmet] == [("traefik 80", "api 5001, traefik 80"), ("yes", "nothing")]
