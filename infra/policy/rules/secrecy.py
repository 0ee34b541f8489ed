"""Secrets: marked, so that Pulumi encrypts them in its state and hides them on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from infra.policy.model import Resource, Text, Violation, texts

_NAMES = re.compile(
    r"(?i)(password|passphrase|secret|credential|(^|[a-z_])token$|^token|private_?key|api_?key|user_?data)"
)
# Names that hold one of those words and no secret.
_HARMLESS = frozenset({"additionalSecretOutputs"})
_SHAPES = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a DigitalOcean token": re.compile(r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    "a GitHub token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})"),
    "a connection string with its password": re.compile(r"[a-z][a-z0-9+]*://[^/\s:@\"']*:[^@\s/\"']+@"),
    "a password's hash": re.compile(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$argon2id?\$v="),
}
# Shorter texts are found everywhere by chance.
SHORTEST_SECRET = 16


def unmarked(resource: Resource, known: Sequence[str] = ()) -> Iterator[str]:
    """Find texts that are secret by their property's name, by their shape or as `known`, and aren't marked so."""
    secrets = [secret for secret in known if len(secret) >= SHORTEST_SECRET]
    for text in texts(dict(resource.props)):
        if text.is_secret:
            continue
        if any(_is_called_secret(leaf) for leaf in (text, *_inside(text))):
            yield f"{text.where} is called a secret and not marked as one: wrap it in pulumi.Output.secret"
            continue
        held = [what for what, shape in _SHAPES.items() if shape.search(text.value)]
        held += ["a secret setting"] if any(secret in text.value for secret in secrets) else []
        for what in held:
            yield f"{text.where} holds {what} in plain: wrap it in pulumi.Output.secret"


def leaked(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Find what is marked as secret in one place and stands in plain in another."""
    every = [(resource, text) for resource in resources for text in texts(dict(resource.props))]
    secrets = {part for _, text in every if text.is_secret for part in _secret_parts(text)}
    for resource, text in every:
        if not text.is_secret and any(secret in text.value for secret in secrets):
            yield Violation(resource, f"{text.where} holds in plain what is a secret elsewhere")


def _secret_parts(text: Text) -> set[str]:
    """Return what is secret by itself: a text that is marked or called so, and of JSON what its keys call so."""
    parts = {leaf.value for leaf in _inside(text) if _is_called_secret(leaf) or _is_value_of_secret(leaf)}
    if text.is_marked_itself or _is_called_secret(text):
        parts.add(text.value)
    return {part for part in parts if len(part) >= SHORTEST_SECRET}


def _inside(text: Text) -> list[Text]:
    """Return the texts of a text that is itself a JSON object or array."""
    if not text.value.startswith(("{", "[")):
        return []
    try:
        return list(texts(json.loads(text.value)))
    except ValueError:
        return []


def _is_called_secret(text: Text) -> bool:
    name = next((part for part in reversed(text.path) if not part.isdigit()), "")
    return bool(_NAMES.search(name)) and name not in _HARMLESS


def _is_value_of_secret(leaf: Text) -> bool:
    *above, name = leaf.path
    return name == "value" and any(_NAMES.search(part) for part in above)
