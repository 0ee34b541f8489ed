"""Everything that can go wrong between the engine and a plugin, one class per thing a caller can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class PluginError(Exception):
    """A failure whose text is written for the user; the server shows it as it stands, without a traceback."""


class ProviderError(PluginError):
    """An operation on a resource failed and left nothing behind that the state must remember."""


class Cancelled(PluginError):
    """The user pressed Ctrl-C (or the engine stopped) while an operation was waiting."""

    def __init__(self) -> None:
        super().__init__("cancelled before it was done")


class TimedOut(PluginError):
    """An operation outlived the time that `custom_timeouts` (or the resource's own default) gives it."""

    def __init__(self, timeout_s: float, doing: str = "the operation") -> None:
        super().__init__(f"{doing} took longer than {timeout_s:g} s; raise custom_timeouts if that is expected")


class MissingConfiguration(PluginError):
    """The provider lacks configuration; `keys` maps each missing key to what it is for."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__("missing configuration: " + ", ".join(sorted(keys)))
        self.keys = dict(keys)


class PartialFailure(PluginError):
    """The thing exists but is not as it should be: the state keeps its id, and the next `up` updates it.

    Raise it from `create` once there is something to remember, or from `update` when part of the change was made.
    `inputs` are what really holds now (None: the inputs asked for).
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the engine's word
        outputs: Mapping[str, Any],
        reasons: Sequence[str],
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__("; ".join(reasons))
        self.id = id
        self.outputs = dict(outputs)
        self.inputs = None if inputs is None else dict(inputs)
        self.reasons = list(reasons)


class UnknownInRealRun(PluginError):
    """An unknown value would have been stored by a real create or update; this is a defect of the plugin."""

    def __init__(self, where: str) -> None:
        super().__init__(f"the plugin answered with an unknown value for {where} outside a preview")


class LanguageHostError(PluginError):
    """The language host cannot run the program; the text says what to do."""


class InstallError(PluginError):
    """The plugins cannot be put in place; the text says what is missing."""
