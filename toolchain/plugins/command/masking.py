"""Takes secret values out of text that is about to be shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from toolchain.plugins.values import Properties, walk

MASK = "[secret]"
# Shorter strings ("1", "on", "root") would turn the whole text into masks and are nobody's secret.
_SHORTEST = 5
_SHORTEST_IN_DOCUMENT = 24
# The whole connection is marked secret by the SDK, yet only these of its fields are.
_CONNECTION_SECRETS = ("password", "privateKey", "privateKeyPassword")


class Masker:
    """Replaces each of a set of secret texts, their lines and, in JSON, what in it looks like a key."""

    def __init__(self, secrets: Iterable[str]) -> None:
        parts = {part for secret in secrets for part in _parts(secret) if len(part) >= _SHORTEST}
        self._parts = sorted(parts, key=len, reverse=True)  # a part may contain another

    def __call__(self, text: str) -> str:
        """Return the text with every secret masked."""
        for part in self._parts:
            text = text.replace(part, MASK)
        return text

    @property
    def longest(self) -> int:
        """The length of the longest text that is masked."""
        return len(self._parts[0]) if self._parts else 0


def masker_for(inputs: Properties, secret_inputs: frozenset[str]) -> Masker:
    """Return a masker of every string inside the inputs that are secret."""
    found = [
        item for name in secret_inputs - {"connection"} for item in walk(inputs.get(name)) if isinstance(item, str)
    ]
    return Masker([*found, *_connection_secrets(inputs.get("connection"))])


def _connection_secrets(connection: Any) -> Iterator[str]:
    if isinstance(connection, dict):
        yield from (connection[key] for key in _CONNECTION_SECRETS if isinstance(connection.get(key), str))
        yield from _connection_secrets(connection.get("proxy"))


def _parts(secret: str) -> Iterator[str]:
    yield secret
    yield from (line.strip() for line in secret.splitlines())
    try:
        document = json.loads(secret)
    except ValueError:
        return
    if isinstance(document, dict | list):
        for item in walk(document):
            if isinstance(item, str):
                yield from (line.strip() for line in item.splitlines() if _could_be_secret(line.strip()))


def _could_be_secret(text: str) -> bool:
    """Tell a key or a connection string from the names, paths and prose that a document also holds."""
    return len(text) >= _SHORTEST_IN_DOCUMENT and not any(letter.isspace() for letter in text)
