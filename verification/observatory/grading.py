"""From points to a grade."""

from __future__ import annotations

from dataclasses import dataclass

from verification.observatory.facts import Mark, Page
from verification.observatory.rules import RULES

START = 100
# Extra points count only for a page that lost fewer than these.
MOST_LOST = 10
LETTERS = {
    100: "A+",
    90: "A",
    85: "A-",
    80: "B+",
    70: "B",
    65: "B-",
    60: "C+",
    50: "C",
    45: "C-",
    40: "D+",
    30: "D",
    25: "D-",
}


@dataclass(frozen=True)
class Grade:
    """A page's score with what made it."""

    marks: tuple[Mark, ...]

    @property
    def score(self) -> int:
        """The score as the Observatory counts it: it can pass 100."""
        lost = sum(mark.points for mark in self.marks if mark.points < 0)
        if lost < -MOST_LOST:
            return max(0, START + lost)
        return START + sum(mark.points for mark in self.marks)

    @property
    def best(self) -> int:
        """The score that this page could have on a staging site."""
        return START + sum(mark.best for mark in self.marks)

    @property
    def letter(self) -> str:
        """The grade of the score."""
        return next((letter for least, letter in LETTERS.items() if self.score >= least), "F")

    @property
    def penalties(self) -> list[str]:
        """What costs points below the start, with what to do."""
        return [f"{mark.rule} {mark.points}: {mark.said}; {mark.advice}" for mark in self.marks if mark.points < 0]

    @property
    def left(self) -> list[str]:
        """Points that could still be had, with what to do for them."""
        return [f"{mark.rule} +{mark.lost}: {mark.advice}" for mark in self.marks if mark.lost]


def grade(page: Page) -> Grade:
    """Apply every rule to a page."""
    return Grade(tuple(rule(page) for rule in RULES))
