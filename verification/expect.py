"""How a check says what it looks for: each call notes what was expected and what was seen, and goes on.

All that a check found stands in the report, not only its first disappointment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

NOTHING = "nothing"
ABSENT = "absent"


@dataclass(frozen=True)
class Finding:
    """One property: what it is, how it should be and how it was."""

    what: str
    expected: str
    seen: str
    is_met: bool


@dataclass
class Expect:
    """Collects the findings of one check; `note` is for the figure that a reader wants at a glance."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def unmet(self) -> list[Finding]:
        """The findings that differ from what was expected."""
        return [finding for finding in self.findings if not finding.is_met]

    def equal(self, what: str, seen: Any, expected: Any) -> None:
        """Expect one value; of two mappings only the entries that differ are told."""
        is_met = bool(seen == expected)
        if not is_met and isinstance(seen, Mapping) and isinstance(expected, Mapping):
            seen, expected = _difference(seen, expected)
        self.that(what, is_met, seen, expected)

    def one_of(self, what: str, seen: Any, allowed: Collection[Any]) -> None:
        """Expect one of several values."""
        self.that(what, seen in allowed, seen, " or ".join(sorted(shown(value) for value in allowed)))

    def at_least(self, what: str, seen: float, least: float, unit: str = "") -> None:
        """Expect a number that is not below `least`."""
        self.that(what, seen >= least, f"{_number(seen)}{unit}", f"{_number(least)}{unit} or more")

    def at_most(self, what: str, seen: float, most: float, unit: str = "") -> None:
        """Expect a number that is not above `most`."""
        self.that(what, seen <= most, f"{_number(seen)}{unit}", f"{_number(most)}{unit} or less")

    def all_of(self, what: str, seen: Collection[Any], wanted: Collection[Any]) -> None:
        """Expect that everything wanted is there; the finding names what is not."""
        missing = [value for value in wanted if value not in seen]
        self.that(what, not missing, f"without {shown(missing)}" if missing else "all there", shown(wanted))

    def nothing(self, what: str, found: Collection[Any]) -> None:
        """Expect that a search for faults found none."""
        self.that(what, not found, found or NOTHING, NOTHING)

    def that(self, what: str, is_met: bool, seen: Any, expected: Any) -> None:
        """Note any other property, decided by the caller."""
        self.findings.append(Finding(what, shown(expected), shown(seen), is_met))

    def note(self, text: str) -> None:
        """Keep a figure for the line of this check's group."""
        self.notes.append(text)

    def settle(self) -> None:
        """Raise AssertionError naming all that differs."""
        if self.unmet:
            raise AssertionError("; ".join(f"{f.what}: expected {f.expected}, seen {f.seen}" for f in self.unmet))


def shown(value: Any) -> str:
    """Write a value as a person would: no quotes, no brackets, sets in order."""
    if isinstance(value, Mapping):
        return ", ".join(f"{shown(key)}: {shown(each)}" for key, each in sorted(value.items(), key=str)) or NOTHING
    if isinstance(value, set | frozenset):
        return ", ".join(sorted(shown(each) for each in value)) or NOTHING
    if isinstance(value, tuple):
        return " ".join(shown(each) for each in value)
    if isinstance(value, list):
        return ", ".join(shown(each) for each in value) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOTHING if value is None or value == "" else str(value)


def _difference(seen: Mapping[Any, Any], expected: Mapping[Any, Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    keys = [key for key in {**expected, **seen} if key not in seen or key not in expected or seen[key] != expected[key]]
    return {key: seen.get(key, ABSENT) for key in keys}, {key: expected.get(key, ABSENT) for key in keys}


def _number(value: float) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
