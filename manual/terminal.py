"""A picture of a terminal from what a command really said, kept as text beside it."""

from __future__ import annotations

from html import escape

from manual.place import PICTURES

SAID = PICTURES / "make-up.txt"
LINE, CHARACTER, MARGIN, BAR = 17, 7.25, 18, 34
DOTS = (("#ff5f57", 20), ("#febc2e", 38), ("#28c840", 56))
PAPER, INK, PROMPT, GOOD, FAINT = "#16181d", "#d5d8de", "#7fd1ff", "#79d49a", "#8b909a"


def make_up() -> str:
    """Draw what `make up` said."""
    return draw("make up", SAID.read_text(encoding="utf-8"))


def draw(title: str, said: str) -> str:
    """Return the picture; the text in it can be selected and read aloud."""
    lines = said.rstrip("\n").splitlines()
    width = max(len(line) for line in lines) * CHARACTER + 2 * MARGIN
    height = BAR + len(lines) * LINE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" font-size="12" '
        "font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\">",
        f"<title>{escape(title)}</title>",
        f'<rect width="{width:g}" height="{height:g}" rx="9" fill="{PAPER}"/>',
        *(f'<circle cx="{x}" cy="18" r="6" fill="{colour}"/>' for colour, x in DOTS),
        f'<text x="{width / 2:g}" y="22" text-anchor="middle" fill="{FAINT}">{escape(title)}</text>',
    ]
    for number, line in enumerate(lines):
        y = BAR + MARGIN + number * LINE
        parts.append(f'<text x="{MARGIN}" y="{y:g}" fill="{_ink(line)}" xml:space="preserve">{escape(line)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _ink(line: str) -> str:
    if line.startswith("$ "):
        return PROMPT
    if line.startswith("Deployed"):
        return GOOD
    return FAINT if line.startswith(("   ", "…")) else INK
