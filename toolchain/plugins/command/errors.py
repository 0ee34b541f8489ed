"""What can go wrong with a command, one class per thing a user mends differently."""

from __future__ import annotations

from toolchain.plugins.errors import ProviderError


class CommandInputError(ProviderError):
    """An input cannot be used as it is."""


class CommandFailed(ProviderError):
    """The command ran and said no."""

    def __init__(self, how: str, command: str, tail: str) -> None:
        said = f"its output ends:\n{tail}" if tail else "it wrote nothing"
        super().__init__(f"{how}: running {command!r}; {said}")


class CannotConnect(ProviderError):
    """No SSH connection came about."""


class CopyFailed(ProviderError):
    """A file did not reach the remote side."""
