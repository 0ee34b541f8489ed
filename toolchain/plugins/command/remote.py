"""Commands on other machines: `command:remote:Command`."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import ClassVar

from toolchain.plugins.command.asynchronous import run_to_end
from toolchain.plugins.command.capture import Stream
from toolchain.plugins.command.connection import check_connection, connection_of
from toolchain.plugins.command.errors import CommandFailed
from toolchain.plugins.command.shared import CommandResource, Types, capture_for, variables_of
from toolchain.plugins.provider import CheckResult, Context
from toolchain.plugins.values import Properties


class RemoteCommand(CommandResource):
    """Runs over SSH, by the login shell of the user."""

    inputs = frozenset(
        {
            "connection",
            "stdin",
            "logging",
            "environment",
            "addPreviousOutputInEnv",
            "triggers",
            "create",
            "update",
            "delete",
        }
    )
    required = frozenset({"connection"})
    computed = frozenset({"stdout", "stderr"})
    types: ClassVar[Types] = CommandResource.types

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Also the connection, whose defaults become part of the inputs."""
        result = super().check(ctx, olds, news)
        connection = check_connection(result.inputs)
        return CheckResult(connection.inputs, result.failures + connection.failures)

    def run(self, ctx: Context, command: str, inputs: Properties, previous: Properties) -> Properties:
        """Run one command over there."""
        ssh = load_ssh()
        connection = connection_of(inputs["connection"])
        capture, mask = capture_for(ctx, inputs)
        shown = mask(command)
        env = variables_of(inputs, previous, ctx)
        doing = ssh.Doing()

        async def work() -> tuple[int | None, str]:
            async with ssh.connected(ctx, connection, doing) as link:
                doing.text = f"running {shown!r} on {connection.endpoint}"
                try:
                    await ssh.refuse_lost_variables(link, dict(inputs.get("environment") or {}))
                    stdin = (inputs.get("stdin") or "").encode()
                    ended: tuple[int | None, str] = await ssh.run_remote(link, command, env, stdin, capture)
                except ssh.BROKEN as error:
                    raise ssh.lost_connection(connection, error, shown, capture.tail()) from error
                return ended

        code, ended_by = run_to_end(ctx, work, doing)
        if code != 0:
            raise CommandFailed(_how(code, ended_by, connection.endpoint), shown, capture.tail())
        return {"stdout": capture.text(Stream.STDOUT), "stderr": capture.text(Stream.STDERR)}


def load_ssh() -> ModuleType:
    """Import what needs asyncssh, at the first use: half a second that a preview saves."""
    return importlib.import_module("toolchain.plugins.command.ssh")


def _how(code: int | None, ended_by: str, endpoint: str) -> str:
    if ended_by:
        return f"ended by signal {ended_by} on {endpoint}"
    return (
        f"the connection to {endpoint} closed without an exit code"
        if code is None
        else f"exit code {code} on {endpoint}"
    )
