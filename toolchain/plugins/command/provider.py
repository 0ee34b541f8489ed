"""The provider's table of contents."""

from __future__ import annotations

from collections.abc import Mapping

from toolchain.plugins.command.local import LocalCommand, invoke_run
from toolchain.plugins.provider import Invoke, Provider, Resource


class CommandProvider(Provider):
    """Commands and file copies as resources, as pulumi-command 1.2.1 has them."""

    name = "command"

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by type token."""
        return {"command:local:Command": LocalCommand()}

    @property
    def invokes(self) -> Mapping[str, Invoke]:
        """Functions by token."""
        return {"command:local:run": invoke_run}
