"""What all resources share: inputs checked, changes found, outputs composed, from the fields that describe each."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from toolchain.plugins.digitalocean.client import Client
from toolchain.plugins.digitalocean.diffs import field_changes
from toolchain.plugins.digitalocean.errors import ApiError
from toolchain.plugins.digitalocean.fields import Field, as_written, coerce, is_same
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.errors import PartialFailure, PluginError, ProviderError
from toolchain.plugins.provider import CheckResult, Context, Created, DiffResult, Failure, ReadResult, Resource
from toolchain.plugins.values import UNKNOWN, Properties, Value, contains_unknown

DEFAULTS = "__defaults"
"""In the inputs: the names that the provider filled in (the official provider's convention)."""
UNREAD = "__unread"
"""In the outputs of what was imported: inputs that the API could not tell."""
APPEAR_LIMIT_S = 120.0
ANY = "*"


@dataclass
class Cloud:
    """The configured API; one for all resources of the provider."""

    client: Client | None = None

    def session(self, ctx: Context) -> Session:
        """Open the API for one call of the engine."""
        if self.client is None:
            raise ProviderError("the digitalocean provider was asked before it was configured")
        return Session(self.client, ctx)


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Say in an API error what was being done: `Error creating Droplet: POST …`."""
    try:
        yield
    except ApiError as failure:
        if str(failure).startswith("Error "):
            raise
        raise ApiError(f"Error {what}: {failure}", failure.status, failure.message) from failure


class CloudResource(Resource):
    """A resource described by its fields; subclasses say how it is made, found, changed and removed."""

    noun: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    auto_name: ClassVar[bool] = True
    name_limit: ClassVar[int] = 63
    refused: ClassVar[Mapping[str, str]] = {}
    """Inputs of the official provider that are not covered, with the reason."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def __init_subclass__(cls) -> None:
        ins = [field for field in cls.fields if not field.output]
        cls.inputs = frozenset(field.name for field in ins) | frozenset(cls.refused)
        cls.required = frozenset(field.name for field in ins if field.required)
        cls.computed = frozenset(field.name for field in cls.fields if field.output or field.computed)
        cls.replaces = frozenset(field.name for field in ins if field.replaces)

    # What a subclass says.

    def make(self, api: Session, inputs: Properties) -> str:
        """Ask the API to make it and return its id at once."""
        raise NotImplementedError

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Wait and do what is left; from here on a failure keeps the id in the state."""

    def mend(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Do again what an earlier run left unfinished."""
        self.finish(api, id, inputs)

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Return the live values by property name, None when it is gone."""
        raise NotImplementedError

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Change in place what differs in the live object."""
        raise ProviderError(f"{self.noun} {id} has nothing that can be changed in place")

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Remove it and wait until it is gone."""
        raise NotImplementedError

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Return what is wrong with inputs that are well-formed one by one."""
        return []

    def identify(self, id: str) -> tuple[str, Properties]:  # noqa: A002
        """Split the id given to an import into the resource's id and what it tells besides."""
        return id, {}

    def stored(self, name: str, value: Value) -> Value:
        """Return an input as the outputs show it."""
        return value

    # What the engine calls.

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Type the inputs, refuse what is not covered, add defaults and the name."""
        inputs: Properties = {}
        failures: list[Failure] = []
        known = {field.name: field for field in self.fields if not field.output}
        for name in sorted(news):
            if name.startswith("__") or news[name] is None:
                continue
            if name not in known:
                reason = self.refused.get(name, "is not supported by this digitalocean plugin")
                failures.append(Failure(name, f"{self.noun}: the property {name!r} {reason}"))
                continue
            inputs[name], wrong = coerce(known[name], news[name], name)
            failures += wrong
        for name in sorted(self.required):
            if name not in inputs or (inputs[name] is not UNKNOWN and inputs[name] == ""):
                failures.append(Failure(name, f"{self.noun}: missing required property {name!r}"))
        self._add_defaults(ctx, olds, inputs)
        if not failures:
            failures = self.validate(olds, inputs)
        return CheckResult(inputs, failures)

    def _add_defaults(self, ctx: Context, olds: Properties, inputs: Properties) -> None:
        added = [field for field in self.fields if field.default is not None and inputs.get(field.name) is None]
        inputs |= {field.name: field.default for field in added}
        names = [field.name for field in added]
        if self.auto_name and inputs.get("name") in (None, ""):
            inputs["name"] = self._name_for(ctx, olds)
            names.append("name")
        inputs[DEFAULTS] = sorted(names)

    def _name_for(self, ctx: Context, olds: Properties) -> str:
        if "name" in (olds.get(DEFAULTS) or []) and isinstance(olds.get("name"), str):
            return str(olds["name"])
        stem = re.sub(r"[^A-Za-z0-9.-]", "-", ctx.name)[: self.name_limit - 8]
        return ctx.proposed_name or f"{stem}-{secrets.token_hex(4)[:7]}"

    def changes_of(self, olds: Properties, old_inputs: Properties, news: Properties) -> dict[str, Any]:
        """Return the changes by path between the inputs that were and those that shall be."""
        changes: dict[str, Any] = {}
        unread = olds.get(UNREAD) or []
        for field in self.fields:
            if field.output:
                continue
            old, new = old_inputs.get(field.name), news.get(field.name)
            if new is None and field.computed:
                continue
            if old is None and field.unread and field.name in unread:
                continue
            if old is None and new is not None and (field.computed or field.apart):
                old = olds.get(field.name)
            changes |= field_changes(field, old, new, news)
        return changes

    def diff(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> DiffResult:  # noqa: A002
        """Compare inputs; an explicit name has to be free again before a replacement can take it."""
        changes = self.changes_of(olds, old_inputs, news)
        is_replaced = any(kind is kind.replacing() for kind in changes.values())
        return DiffResult(changes, delete_before_replace=is_replaced and self.must_go_first(old_inputs, news))

    def must_go_first(self, old_inputs: Properties, news: Properties) -> bool:
        """Tell whether a replacement can only be made after the old one is gone."""
        return self.auto_name and "name" not in (news.get(DEFAULTS) or [])

    def preview_create(self, ctx: Context, inputs: Properties) -> Properties:
        """Return the inputs, and unknowns where the API decides."""
        expected: Properties = {}
        for field in self.fields:
            value = inputs.get(field.name)
            is_open = value is None and (field.output or field.computed)
            expected[field.name] = UNKNOWN if is_open else self._stored(field.name, value)
        return expected

    def preview_update(
        self,
        ctx: Context,
        id: str,  # noqa: A002
        olds: Properties,
        old_inputs: Properties,
        news: Properties,
    ) -> Properties:
        """Return the old outputs with the changes; only what may follow from a change becomes unknown."""
        changed = self._changed(olds, old_inputs, news)
        expected: Properties = {name: value for name, value in olds.items() if name.startswith("__")}
        for field in self.fields:
            name, old = field.name, olds.get(field.name)
            is_moved = bool(changed and ANY in field.follows) or not changed.isdisjoint(field.follows)
            if name in changed:
                expected[name] = self._stored(name, news.get(name))
            elif is_moved or (old is None and field.output):
                expected[name] = UNKNOWN
            else:
                expected[name] = old
        return expected

    def _changed(self, olds: Properties, old_inputs: Properties, news: Properties) -> frozenset[str]:
        return frozenset(re.split(r"[.\[]", path, maxsplit=1)[0] for path in self.changes_of(olds, old_inputs, news))

    def _stored(self, name: str, value: Value) -> Value:
        return value if value is None or contains_unknown(value) else self.stored(name, value)

    def create(self, ctx: Context, inputs: Properties) -> Created:
        """Make it and wait until it is ready."""
        with doing(f"creating {self.noun}"):
            api = self._cloud.session(ctx)
            id = self.make(api, inputs)  # noqa: A001
            try:
                self.finish(api, id, inputs)
                live = api.poll(lambda: self.fetch(api, id, inputs), APPEAR_LIMIT_S, f"{self.noun} {id} to appear")
            except PluginError as failure:
                raise PartialFailure(
                    id, self._known_outputs(inputs), [f"Error creating {self.noun} ({id}): {failure}"]
                ) from failure
            return Created(id, self.compose(live, inputs, {}))

    def _known_outputs(self, inputs: Properties) -> Properties:
        return {name: self._stored(name, inputs[name]) for name in inputs if not name.startswith("__")}

    def compose(self, live: Properties, inputs: Properties, olds: Properties) -> Properties:
        """Return all outputs: live values in the program's words, and what the API does not tell from the inputs."""
        outputs: Properties = {}
        for field in self.fields:
            written, found = inputs.get(field.name), live.get(field.name)
            if field.unread and not field.output:
                kept = olds.get(field.name) if written is None else self._stored(field.name, written)
                value = found if kept is None else kept
            elif written is not None:
                value = as_written(field, written, found, inputs)
            else:
                value = found
            if value is not None:
                outputs[field.name] = value
        return outputs | ({UNREAD: olds[UNREAD]} if olds.get(UNREAD) else {})

    def read(self, ctx: Context, id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:  # noqa: A002
        """Return the live values of the inputs that the program named, or of all in an import."""
        with doing(f"retrieving {self.noun}"):
            api = self._cloud.session(ctx)
            if not inputs and not outputs:
                return self._import(api, id)
            live = self.fetch(api, id, {**outputs, **inputs})
        if live is None:
            return None
        seen: Properties = {DEFAULTS: inputs[DEFAULTS]} if DEFAULTS in inputs else {}
        for field in self.fields:
            written = inputs.get(field.name)
            if written is None or field.output:
                continue
            value = written if field.unread else as_written(field, written, live.get(field.name), inputs)
            if value is not None:
                seen[field.name] = value
        return ReadResult(id, seen, self.compose(live, {**inputs, **seen}, outputs))

    def _import(self, api: Session, given: str) -> ReadResult | None:
        id, known = self.identify(given)  # noqa: A001
        live = self.fetch(api, id, known)
        if live is None:
            return None
        inputs: Properties = {DEFAULTS: []}
        unread: list[str] = []
        for field in self.fields:
            if field.output or field.apart:
                continue
            value = field.default if live.get(field.name) is None else live[field.name]
            if value not in (None, "", [], {}):
                inputs[field.name] = value
            elif field.unread:
                unread.append(field.name)
        outputs = self.compose(live, {name: inputs[name] for name in inputs if name != DEFAULTS}, {})
        return ReadResult(id, inputs, {**outputs, UNREAD: unread} if unread else outputs)

    def update(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:  # noqa: A002
        """Change what differs from the live object; with no change asked, mend what was left unfinished."""
        with doing(f"updating {self.noun}"):
            api = self._cloud.session(ctx)
            asked = self._changed(olds, old_inputs, news)
            try:
                if not asked:
                    self.mend(api, id, news)
                live = self._find(api, id, {**olds, **news})
                changed = self._differing(live, news, asked)
                if changed:
                    self.change(api, id, live, news, changed)
                    live = self._find(api, id, {**olds, **news})
            except PluginError as failure:
                raise self._half_changed(api, id, olds, old_inputs, failure) from failure
        return self.compose(live, news, olds)

    def _find(self, api: Session, id: str, known: Properties) -> Properties:  # noqa: A002
        live = self.fetch(api, id, known)
        if live is None:
            raise ProviderError(f"{self.noun} {id} does not exist any more; run `pulumi refresh`, then `pulumi up`")
        return live

    def _differing(self, live: Properties, news: Properties, asked: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()
        for field in self.fields:
            name = field.name
            if field.output or field.replaces or (asked and name not in asked):
                continue
            if field.unread:
                found |= {name} & asked
            elif not (news.get(name) is None and field.computed) and not is_same(
                field, live.get(name), news.get(name), news
            ):
                found.add(name)
        return frozenset(found)

    def _half_changed(
        self,
        api: Session,
        id: str,  # noqa: A002
        olds: Properties,
        old_inputs: Properties,
        failure: PluginError,
    ) -> PluginError:
        """Return the failure with the outputs that hold now; the old inputs stay, so the next `up` tries again."""
        if isinstance(failure, PartialFailure):
            return failure
        try:
            live = self.fetch(api, id, olds)
        except PluginError:
            return failure
        outputs = self.compose(live, old_inputs, olds) if live else olds
        text = str(failure) if str(failure).startswith("Error ") else f"Error updating {self.noun}: {failure}"
        return PartialFailure(id, outputs, [text], old_inputs)

    def delete(self, ctx: Context, id: str, outputs: Properties) -> None:  # noqa: A002
        """Remove it; what is gone already counts as removed."""
        with doing(f"deleting {self.noun}"):
            self.remove(self._cloud.session(ctx), id, outputs)
