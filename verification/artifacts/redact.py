"""One redactor for everything that is written down or printed: known values first, then secrets by shape and name."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from urllib.parse import quote

from verification.artifacts.shapes import BY_NAME, BY_SHAPE

HIDDEN = "[redacted]"
# Shorter base64 is too likely to stand in an innocent text.
SHORTEST_ENCODED = 12


class Redactor:
    """Hides the given secrets wherever they stand, in every spelling, and what looks like one."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        spelled = [(each, name) for name, value in (known or {}).items() for each in _spellings(value)]
        # A longer one first: it may contain another.
        self._known = sorted(spelled, key=lambda item: len(item[0]), reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text with every secret replaced by `[redacted]`."""
        for value, _ in self._known:
            text = text.replace(value, HIDDEN)
        for shape in BY_SHAPE:
            text = shape.sub(_hide, text)
        return BY_NAME.sub(_hide, text)

    def known_in(self, text: str) -> list[str]:
        """Name the known secrets that stand in a text."""
        found: dict[str, None] = {}
        for value, name in self._known:
            if value in text:
                found[name] = None
                text = text.replace(value, HIDDEN)
        return list(found)


def _spellings(value: str) -> set[str]:
    """Return a secret as it is, and as URLs, JSON and base64 write it."""
    if not value:
        return set()
    spelled = {value, quote(value, safe=""), json.dumps(value)[1:-1]}
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return spelled | ({encoded} if len(encoded) >= SHORTEST_ENCODED else set())


def _hide(match: re.Match[str]) -> str:
    """Put the placeholder in place of the match's secret; what names it stays readable."""
    group = match.lastgroup
    if group is None:
        return HIDDEN
    if match[group].startswith(HIDDEN):
        return match[0]
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    return match[0][:start] + HIDDEN + match[0][end:]
