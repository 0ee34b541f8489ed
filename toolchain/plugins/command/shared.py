"""What local and remote commands have in common: their inputs, their life, and which outputs are secret."""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from toolchain.plugins.command.capture import Capture, shown_streams
from toolchain.plugins.command.errors import CommandInputError
from toolchain.plugins.command.masking import Masker, masker_for
from toolchain.plugins.provider import CheckResult, Context, Created, Failure, ReadResult, Resource
from toolchain.plugins.values import UNKNOWN, Properties, Secret, Value, contains_unknown

LOGGING = ("stdout", "stderr", "stdoutAndStderr", "none")
# An SSH connection's secrets have no part in what a command prints.
_UNRELATED_SECRETS = frozenset({"connection"})
# Linux takes no longer single string in an environment (MAX_ARG_STRLEN).
_LONGEST_VARIABLE = 131_000

Types = Mapping[str, type | tuple[type, ...]]


def derives_from_secret(ctx: Context) -> bool:
    """Tell whether what the command prints may have come from a secret input."""
    return bool(ctx.secret_inputs - _UNRELATED_SECRETS)


def capture_for(ctx: Context, inputs: Properties) -> tuple[Capture, Masker]:
    """Return what collects the command's output, and the masker for everything said about it."""
    mask = masker_for(inputs, ctx.secret_inputs)
    return Capture(ctx, shown_streams(inputs.get("logging"), derives_from_secret(ctx)), mask), mask


def variables_of(inputs: Properties, previous: Properties, ctx: Context) -> dict[str, str]:
    """Return the variables to add: the program's, and the outputs of the run before."""
    variables = dict(inputs.get("environment") or {})
    if inputs.get("addPreviousOutputInEnv") is not False:
        for name, key in (("PULUMI_COMMAND_STDOUT", "stdout"), ("PULUMI_COMMAND_STDERR", "stderr")):
            value = previous.get(key) or ""
            if "\0" in value or len(value.encode()) > _LONGEST_VARIABLE:
                ctx.log("info", f"{name} is left out: the previous {key} does not fit into a variable")
            elif value:
                variables[name] = value
    return variables


def wrong_types(inputs: Properties, types: Types) -> list[Failure]:
    """Name each input whose value is of another type than the schema says."""
    return [
        Failure(key, f"must be {_name(kind)}, not {type(value).__name__}")
        for key, kind in types.items()
        if (value := inputs.get(key)) is not None and value is not UNKNOWN and not isinstance(value, kind)
    ]


def wrong_strings(inputs: Properties, keys: tuple[str, ...]) -> list[Failure]:
    """Name each item of the lists and maps under `keys` that is not a string."""
    failures = []
    for key in keys:
        value = inputs.get(key)
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        failures += [
            Failure(f"{key}[{index!r}]" if isinstance(value, list) else f"{key}.{index}", "must be a string")
            for index, item in items
            if item is not UNKNOWN and not isinstance(item, str)
        ]
    return failures


def _name(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join(
        {str: "a string", bool: "a boolean", list: "a list", dict: "a map"}.get(k, "a number") for k in kinds
    )


class CommandResource(Resource):
    """A command for each of create, update and delete; without `update`, a change runs `create` again."""

    types: ClassVar[Types] = {
        "create": str,
        "update": str,
        "delete": str,
        "stdin": str,
        "logging": str,
        "triggers": list,
        "environment": dict,
        "addPreviousOutputInEnv": bool,
    }
    replaces = frozenset({"triggers"})

    @abstractmethod
    def run(self, ctx: Context, command: str, inputs: Properties, previous: Properties) -> Properties:
        """Run one command and return its outputs, without the inputs."""

    def outputs_of(self, inputs: Properties) -> frozenset[str]:
        """Return the names of the outputs that a command with these inputs has."""
        return self.computed

    def kept_outputs(self, old_inputs: Properties, olds: Properties) -> Properties:
        """Return the outputs of the last run, for an update that runs nothing."""
        return {key: olds[key] for key in self.computed if key in olds}

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Refuse what no command could use."""
        failures = wrong_types(news, self.types) + wrong_strings(news, ("environment", "interpreter"))
        logging = news.get("logging")
        if isinstance(logging, str) and logging not in LOGGING:
            failures.append(Failure("logging", f"must be one of {', '.join(LOGGING)}"))
        return CheckResult(news, failures)

    def preview_create(self, ctx: Context, inputs: Properties) -> Properties:
        """Nothing runs in a preview: what a command will print is unknown, unless there is none."""
        if inputs.get("create") is None:
            return {**inputs, "stdout": "", "stderr": ""}
        return {**inputs, **dict.fromkeys(self.outputs_of(inputs), UNKNOWN)}

    def preview_update(
        self,
        ctx: Context,
        id: str,  # noqa: A002
        olds: Properties,
        old_inputs: Properties,
        news: Properties,
    ) -> Properties:
        """Without a command to run the outputs stay."""
        if news.get("update") is None and news.get("create") is None:
            return {**self.kept_outputs(old_inputs, olds), **news}
        return {**news, **dict.fromkeys(self.outputs_of(news), UNKNOWN)}

    def create(self, ctx: Context, inputs: Properties) -> Created:
        """Run `create`, if there is one."""
        made = f"{ctx.name}{secrets.token_hex(4)}"
        command = inputs.get("create")
        ran = {"stdout": "", "stderr": ""} if command is None else self.run(ctx, command, inputs, {})
        return Created(made, {**inputs, **derived(ctx, ran)})

    def read(self, ctx: Context, id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:  # noqa: A002
        """A command leaves nothing behind that could be looked at."""
        if not inputs and not outputs:
            raise CommandInputError(f"{ctx.name}: a command cannot be imported, there is nothing to read it from")
        return ReadResult(id, inputs, outputs)

    def update(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:  # noqa: A002
        """Run `update`, else `create` again, else nothing."""
        command = news.get("update") if news.get("update") is not None else news.get("create")
        if command is None:
            return {**self.kept_outputs(old_inputs, olds), **news}
        return {**news, **derived(ctx, self.run(ctx, command, news, olds))}

    def delete(self, ctx: Context, id: str, outputs: Properties) -> None:  # noqa: A002
        """Run `delete`, if there is one."""
        if outputs.get("delete") is not None:
            self.run(ctx, outputs["delete"], outputs, outputs)


def derived(ctx: Context, outputs: Properties) -> Properties:
    """Mark the outputs as secret if an input that may have gone into them is."""
    if not derives_from_secret(ctx):
        return outputs
    return {key: _wrapped(value) for key, value in outputs.items()}


def _wrapped(value: Value) -> Any:
    return value if contains_unknown(value) else Secret(value)
