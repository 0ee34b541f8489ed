"""Draws boxes in frames, row by row, as SVG that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

Kind = Literal["plain", "strong", "quiet"]

WIDTH, MARGIN, GAP = 880, 16, 12
BOX_HEIGHT, ARROW = 46, 20
# Pixels of a character, on the wide side: nobody can measure a reader's font from here.
TITLE_PX, DETAIL_PX = 9.0, 6.8
FILLS: dict[Kind, tuple[str, str]] = {
    "plain": ("#e8f0fe", "#3b5b92"),
    "strong": ("#d9f2e4", "#1f6b45"),
    "quiet": ("#f1f1ee", "#75746c"),
}


@dataclass(frozen=True)
class Box:
    """One thing: its name, and what else there is to say about it."""

    title: str
    detail: str = ""
    kind: Kind = "plain"

    @property
    def width(self) -> float:
        """How wide it has to be for its text."""
        return max(len(self.title) * TITLE_PX, len(self.detail) * DETAIL_PX) + 20


@dataclass(frozen=True)
class Frame:
    """Things that belong together; `is_sequence` draws arrows from each to the next."""

    title: str
    note: str
    boxes: Sequence[Box]
    is_sequence: bool = False
    rows: list[list[Box]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        room = WIDTH - 4 * MARGIN
        self.rows.append([])
        for box in self.boxes:
            used = sum(each.width + self.gap for each in self.rows[-1])
            if self.rows[-1] and used + box.width > room:
                self.rows.append([])
            self.rows[-1].append(box)

    @property
    def gap(self) -> float:
        """The room between two boxes."""
        return GAP + ARROW if self.is_sequence else GAP

    @property
    def height(self) -> float:
        """Title and rows."""
        return 36 + len(self.rows) * (BOX_HEIGHT + GAP) + 4


def draw(title: str, frames: Sequence[Frame]) -> str:
    """Return the picture; `title` is what somebody hears who can't see it."""
    height = sum(frame.height + GAP for frame in frames) + 2 * MARGIN - GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        'font-family="system-ui, sans-serif">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height:g}" rx="10" fill="#ffffff"/>',
    ]
    top = float(MARGIN)
    for frame in frames:
        parts += _frame(frame, top)
        top += frame.height + GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _frame(frame: Frame, top: float) -> list[str]:
    parts = [
        f'<rect x="{MARGIN}" y="{top:g}" width="{WIDTH - 2 * MARGIN}" height="{frame.height:g}" rx="8" '
        'fill="#fbfbf9" stroke="#c9c8c0"/>',
        f'<text x="{2 * MARGIN}" y="{top + 23:g}" font-size="14" fill="#26251f">'
        f'<tspan font-weight="600">{escape(frame.title)}</tspan>'
        f'<tspan dx="10" font-size="12" fill="#5c5b53">{escape(frame.note)}</tspan></text>',
    ]
    for number, row in enumerate(frame.rows):
        left, y = 2.0 * MARGIN, top + 36 + number * (BOX_HEIGHT + GAP)
        for box in row:
            is_last = box is frame.boxes[-1]
            parts += _box(box, left, y)
            left += box.width
            if frame.is_sequence and not is_last:
                parts.append(_arrow(left + GAP / 2, y + BOX_HEIGHT / 2))
            left += frame.gap
    return parts


def _box(box: Box, left: float, top: float) -> list[str]:
    fill, ink = FILLS[box.kind]
    middle = left + box.width / 2
    title_at = top + (20 if box.detail else 28)
    parts = [
        f'<rect x="{left:g}" y="{top:g}" width="{box.width:g}" height="{BOX_HEIGHT}" rx="6" fill="{fill}" '
        f'stroke="{ink}"/>',
        f'<text x="{middle:g}" y="{title_at:g}" font-size="13" font-weight="600" text-anchor="middle" '
        f'fill="#26251f">{escape(box.title)}</text>',
    ]
    if box.detail:
        parts.append(
            f'<text x="{middle:g}" y="{top + 36:g}" font-size="11" text-anchor="middle" '
            f'fill="#45443d">{escape(box.detail)}</text>'
        )
    return parts


def _arrow(left: float, y: float) -> str:
    return (
        f'<path d="M{left:g} {y:g}h{ARROW - 4}m-5 -4l5 4l-5 4" fill="none" stroke="#5c5b53" stroke-width="1.5" '
        'stroke-linecap="round"/>'
    )
