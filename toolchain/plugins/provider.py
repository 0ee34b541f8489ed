"""What a provider in Python is made of; `toolchain.plugins.server.serve` puts it on the wire.

A provider is a `Provider` with one `Resource` object per type token. All a resource sees is plain Python
(`toolchain.plugins.values`): secrets arrive unwrapped and the server wraps again whatever was secret at the same place
in the inputs, so a resource wraps by hand (`Secret(...)`) only what it *derives* from a secret. Unknowns (`UNKNOWN`)
arrive in `check`, `diff`, `preview_create` and `preview_update` alone. Handlers run in threads, many at once: keep no
state on the resource. Every failure meant for the user is a `PluginError`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Literal

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.errors import Cancelled, PartialFailure, ProviderError, TimedOut
from toolchain.plugins.values import UNKNOWN, Archive, Asset, Properties, Value

__all__ = [
    "CheckResult",
    "Context",
    "Created",
    "DiffKind",
    "DiffResult",
    "Failure",
    "Invoke",
    "PartialFailure",
    "Provider",
    "ProviderError",
    "ReadResult",
    "Resource",
    "autoname",
    "compare",
    "refuse_unlisted",
]

Severity = Literal["debug", "info", "warning"]


class DiffKind(Enum):
    """How one property path changes; a `*_REPLACE` kind replaces the resource. Values are the protocol's."""

    ADD = 0
    ADD_REPLACE = 1
    DELETE = 2
    DELETE_REPLACE = 3
    UPDATE = 4
    UPDATE_REPLACE = 5

    def replacing(self) -> DiffKind:
        """Return the kind that says the same and replaces."""
        return DiffKind(self.value | 1)


@dataclass(frozen=True)
class Failure:
    """An input that cannot be: `property` is a path such as `rules[0].port`, "" for the resource as a whole."""

    property: str
    reason: str


@dataclass(frozen=True)
class CheckResult:
    """The inputs to go on with, defaults added, and what is wrong with them."""

    inputs: Properties
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class DiffResult:
    """Changes by property path (`n.q`, `tags[1]`, `m["a.b"]`); none means unchanged."""

    changes: Mapping[str, DiffKind] = field(default_factory=dict)
    delete_before_replace: bool = False
    stables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Created:
    """What a create made."""

    id: str
    outputs: Properties


@dataclass(frozen=True)
class ReadResult:
    """The live resource; `inputs` in a refresh hold only keys that the request's inputs had, with live values."""

    id: str
    inputs: Properties
    outputs: Properties


class Context:
    """One call of the engine: whom it is about, how long it may take, and the way to tell the user something."""

    def __init__(
        self,
        urn: str = "",
        *,
        preview: bool = False,
        timeout_s: float = 0.0,
        secret_inputs: frozenset[str] = frozenset(),
        cancelled: Cancellation | None = None,
        log: Callable[[Severity, str, str, bool], None] | None = None,
        proposed_name: str | None = None,
    ) -> None:
        self.urn = urn
        self.preview = preview
        self.timeout_s = timeout_s
        """From custom_timeouts; 0 when the program sets none: use the resource's own default."""
        self.secret_inputs = secret_inputs
        """Top-level inputs that hold a secret; wrap outputs derived from them."""
        self.cancelled = cancelled or Cancellation()
        """Raised by Ctrl-C; `calling(callback)` is for what cannot wait on it."""
        self.proposed_name = proposed_name
        """The name that the stack's autonaming settings ask for, if they do."""
        self._log = log
        self._started = time.monotonic()

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rsplit("::", 1)[-1]

    def log(self, severity: Severity, text: str, *, ephemeral: bool = False) -> None:
        """Show a line under the resource; `ephemeral` for progress. There is no error severity: raise instead."""
        if self._log is not None:
            self._log(severity, text, self.urn, ephemeral)

    def remaining_s(self, default_s: float) -> float:
        """Return the seconds left of custom_timeouts, or of `default_s` counted from the call's start."""
        return (self.timeout_s or default_s) - (time.monotonic() - self._started)

    def wait(self, seconds: float) -> None:
        """Sleep between two looks at something; raises Cancelled on Ctrl-C and TimedOut when custom_timeouts end."""
        if self.timeout_s:
            left = self.remaining_s(self.timeout_s)
            if left <= 0:
                raise TimedOut(self.timeout_s)
            seconds = min(seconds, left)
        if self.cancelled.wait(seconds):
            raise Cancelled


class Resource:
    """One resource type. Name its properties, override `create` and what else differs from the defaults."""

    inputs: ClassVar[frozenset[str]] = frozenset()
    """Every top-level input it covers; any other that the program sets is refused by name, in the preview already."""
    required: ClassVar[frozenset[str]] = frozenset()
    """Inputs without which check fails."""
    computed: ClassVar[frozenset[str]] = frozenset()
    """Outputs that the far side decides; unknown in the preview of a create unless the program sets them."""
    volatile: ClassVar[frozenset[str]] = frozenset()
    """Those of `computed` that an update may change; unknown in its preview. All others keep their old value."""
    replaces: ClassVar[frozenset[str]] = frozenset()
    """Top-level inputs whose change replaces the resource (used by the default `diff`)."""

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Return the inputs with defaults added; `olds` are the last inputs, empty for a new one."""
        return CheckResult(news)

    def diff(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> DiffResult:  # noqa: A002
        """Compare; an unknown counts as changed. In a refresh it is called with `old_inputs` live and `news` stored."""
        return DiffResult(compare(old_inputs, news, self.replaces))

    def preview_create(self, ctx: Context, inputs: Properties) -> Properties:
        """Return the outputs to expect; nothing may be made."""
        return {**dict.fromkeys(self.computed, UNKNOWN), **inputs}

    def preview_update(
        self,
        ctx: Context,
        id: str,  # noqa: A002
        olds: Properties,
        old_inputs: Properties,
        news: Properties,
    ) -> Properties:
        """Return the outputs to expect: old ones that cannot change stay, so that dependents show no false change."""
        kept = {key: olds.get(key, UNKNOWN) for key in self.computed - self.volatile}
        return {**kept, **dict.fromkeys(self.volatile, UNKNOWN), **news}

    def create(self, ctx: Context, inputs: Properties) -> Created:
        """Make it. Raise PartialFailure once it exists but is not well."""
        raise NotImplementedError

    def read(self, ctx: Context, id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:  # noqa: A002
        """Return it as it is, None when it is gone. Inputs and outputs are both empty in an import."""
        return ReadResult(id, inputs, outputs)

    def update(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:  # noqa: A002
        """Change it in place and return all outputs."""
        raise ProviderError(f"{ctx.name} cannot be changed in place")

    def delete(self, ctx: Context, id: str, outputs: Properties) -> None:  # noqa: A002
        """Remove it; what is gone already counts as removed."""


Invoke = Callable[[Context, Properties], Properties]


class Provider:
    """A named set of resources and functions by their tokens (`command:local:Command`)."""

    name: ClassVar[str]

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by type token."""
        return {}

    @property
    def invokes(self) -> Mapping[str, Invoke]:
        """Functions by token; each gets plain arguments and returns plain results."""
        return {}

    def check_config(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Validate the provider's own inputs; what it takes from the environment stays out of them (and the state)."""
        return CheckResult(news)

    def configure(self, args: Properties) -> None:
        """Take the checked inputs (numbers and maps as values); raise MissingConfiguration for missing keys."""


def autoname(ctx: Context, olds: Properties, news: Properties, property: str = "name", limit: int = 63) -> Properties:  # noqa: A002
    """Return `news` with `property` set: the program's, else the one given before, else `<logical name>-<7 hex>`."""
    if news.get(property) not in (None, ""):
        return news
    if olds.get(property):
        return {**news, property: olds[property]}
    return {**news, property: ctx.proposed_name or f"{ctx.name[: limit - 8]}-{secrets.token_hex(4)[:7]}"}


def refuse_unlisted(value: Mapping[str, Any], allowed: frozenset[str], what: str, path: str = "") -> list[Failure]:
    """Name each key of `value` that is not in `allowed`: ignoring it would deploy something else than was asked."""
    return [
        Failure(f"{path}.{key}" if path else key, f"{what} has no support for the property {key!r} here")
        for key in sorted(value)
        if key not in allowed and value[key] is not None and not key.startswith("__")
    ]


def compare(old: Properties, new: Properties, replaces: frozenset[str] = frozenset()) -> dict[str, DiffKind]:
    """Compare two sets of inputs; changes inside a top-level property in `replaces` get a replacing kind."""
    changes: dict[str, DiffKind] = {}
    for key in sorted(old.keys() | new.keys()):
        if key.startswith("__"):
            continue
        inner: dict[str, DiffKind] = {}
        _compare(old.get(key), new.get(key), _step("", key), inner)
        changes |= {path: kind.replacing() for path, kind in inner.items()} if key in replaces else inner
    return changes


def _compare(old: Value, new: Value, path: str, changes: dict[str, DiffKind]) -> None:
    if new is UNKNOWN or old is UNKNOWN:
        changes[path] = DiffKind.UPDATE if old is not None else DiffKind.ADD
    elif old is None or new is None:
        if old is not new:
            changes[path] = DiffKind.ADD if old is None else DiffKind.DELETE
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            _compare(old.get(key), new.get(key), _step(path, key), changes)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            left = old[index] if index < len(old) else None
            right = new[index] if index < len(new) else None
            _compare(left, right, f"{path}[{index}]", changes)
    elif isinstance(old, Asset | Archive) and isinstance(new, Asset | Archive) and old.hash and new.hash:
        if old.hash != new.hash:  # the engine sends old files as their hash alone
            changes[path] = DiffKind.UPDATE
    elif old != new or isinstance(old, bool) is not isinstance(new, bool):
        changes[path] = DiffKind.UPDATE


def _step(path: str, key: str) -> str:
    if not key or any(character in key for character in '.[]"'):
        escaped = key.replace("\\", "\\\\").replace('"', '\\"')
        return f'{path}["{escaped}"]'
    return f"{path}.{key}" if path else key
