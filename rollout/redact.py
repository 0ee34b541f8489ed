"""Keep the bundle's secrets out of everything that is printed, journaled or written to a log."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

MASK = "[secret]"
SHORTEST = 4  # a shorter word would black out ordinary text
_URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):([^\s/@]+)@")


class Redactor:
    """Replaces secret values, their parts and their usual encodings by `[secret]`."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.learn(values)

    def learn(self, values: Iterable[str]) -> None:
        """Add secret values."""
        for value in values:
            self._words |= {word for word in _forms(value) if len(word) >= SHORTEST}
        ordered = sorted(self._words, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def __call__(self, text: str) -> str:
        """Return the text without secrets; passwords inside URLs go whether or not they are known."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return _URL_PASSWORD.sub(rf"\1:{MASK}@", text)


def _forms(value: str) -> set[str]:
    parts = {value, value.strip(), *(line.strip() for line in value.splitlines())}
    for line in value.splitlines():
        name, colon, rest = line.partition(":")
        if colon and name.isidentifier() and not rest.startswith("//"):
            parts.add(rest.strip())  # htpasswd: the hash alone
    parts |= _url_passwords(value)
    return parts | {json.dumps(part)[1:-1] for part in parts} | {quote(part, safe="") for part in parts}


def _url_passwords(value: str) -> set[str]:
    if "://" not in value:
        return set()
    try:
        password = urlsplit(value.strip()).password
    except ValueError:
        return set()
    return {password, unquote(password)} if password else set()
