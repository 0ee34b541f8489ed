"""One redactor for everything that is written down: known values first, then secrets by their shape."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "[redacted]"

_SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL),
    re.compile(r"(?<=://)(?P<user>[^\s:/@]*):[^\s@/]+(?=@)"),
    re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}"),
    re.compile(r"\$apr1\$[^\s:\"']+"),
    re.compile(r"\$argon2[a-z]*\$[^\s\"']+"),
    re.compile(r"\bdo[op]_v1_[0-9a-f]{64}\b"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+"),
    re.compile(r"(?i)(?<=bearer )[A-Za-z0-9._~+/=-]{12,}"),
)
_NAMED = re.compile(
    r"""(?ix)
    (?P<name>["']?\b[\w.-]*(?:password|passwd|secret(?:_key)?|token|api_?key|private_?key)["']?\s*[:=]\s*)
    (?P<value>"[^"\n]{4,}"|'[^'\n]{4,}'|[^\s"',;{}\[\]/]{8,})
    """
)


class Redactor:
    """Hides the given values wherever they stand, and what looks like a secret."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = sorted({value for value in known if value}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text with every secret replaced by `[redacted]`."""
        for value in self._known:
            text = text.replace(value, HIDDEN)
        for shape in _SHAPES:
            text = shape.sub(lambda m: f"{m['user']}:{HIDDEN}" if "user" in m.groupdict() else HIDDEN, text)
        return _NAMED.sub(lambda m: m["name"] + HIDDEN, text)
