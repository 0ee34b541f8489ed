"""Takes secret values out of text that is about to be shown.

What is masked: the secret as a whole, each of its lines, the value of a NAME=value line, the words of a command and, in
a JSON document, each line that looks like a key. A form that a program derives (an encoding) is not found,
which is why nothing is shown by default of a command that was given a secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from toolchain.plugins.values import Properties, walk

MASK = "[secret]"
# Shorter strings ("1", "on", "root") would turn the whole text into masks and are nobody's secret.
_SHORTEST = 5
# A document is secret as a whole when one string in it is; masking its names, paths and prose would make each message
# unreadable. What is generated as a key holds a digit or a capital; image references and host names do too.
_SHORTEST_IN_DOCUMENT = 12
_KEY_LIKE = re.compile(r"(?=\S*[0-9A-Z])\S+")
_NAME_LIKE = re.compile(
    r"sha256:[0-9a-f]+|[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+(:[\w.-]+)?(@sha256:[0-9a-f]+)?|[a-z0-9.-]+\.[a-z]{2,}"
    r"|[a-z]+-[0-9a-f]{7}"  # a short commit id under a word
    r"|/dev/[\w./-]+"
)
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=(.+)")
_BETWEEN_WORDS = re.compile(r"[\s'\"`;&|<>(){}=]+")
# The whole connection is marked secret by the SDK, yet only these of its fields are.
_CONNECTION_SECRETS = ("password", "privateKey", "privateKeyPassword")
_COMMANDS = frozenset({"create", "update", "delete", "command"})


class Masker:
    """Replaces a set of texts, longest first."""

    def __init__(self, parts: Iterable[str]) -> None:
        # One may contain another: the longer goes first, or its rest would stay.
        self._parts = sorted({part for part in parts if len(part) >= _SHORTEST}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text with every secret masked."""
        for part in self._parts:
            text = text.replace(part, MASK)
        return text


def masker_for(inputs: Properties, secret_inputs: frozenset[str]) -> Masker:
    """Return a masker of every string inside the inputs that are secret."""
    parts = set(_connection_secrets(inputs.get("connection")))
    for name in secret_inputs - {"connection"}:
        for item in walk(inputs.get(name)):
            if isinstance(item, str):
                parts |= parts_of(item)
                if name in _COMMANDS:
                    parts.update(_BETWEEN_WORDS.split(item))
    return Masker(parts)


def parts_of(secret: str) -> set[str]:
    """Return what to mask of one secret string."""
    parts = {secret, *_lines(secret)}
    try:
        document = json.loads(secret)
    except ValueError:
        return parts
    leaves = [item for item in walk(document) if isinstance(item, str)] if isinstance(document, dict | list) else []
    found = {part for leaf in leaves for part in (leaf, *_lines(leaf))}
    return parts | {part for part in found if _may_be_secret(part)}


def _may_be_secret(part: str) -> bool:
    if len(part) < _SHORTEST_IN_DOCUMENT or _NAME_LIKE.fullmatch(part):
        return False
    return _KEY_LIKE.fullmatch(part) is not None


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield line.strip()
        if assigned := _ASSIGNMENT.fullmatch(line):
            yield assigned[1].strip("'\" ")


def _connection_secrets(connection: Any) -> Iterator[str]:
    if isinstance(connection, dict):
        for key in _CONNECTION_SECRETS:
            if isinstance(connection.get(key), str):
                yield from parts_of(connection[key])
        yield from _connection_secrets(connection.get("proxy"))
