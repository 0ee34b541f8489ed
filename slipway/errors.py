"""How a command can end badly: one class per exit code that a caller can act on."""

from pathlib import Path

FAILED, USAGE, UNVERIFIED, LOCKED = 1, 2, 3, 4


class SlipwayError(Exception):
    """Base of every error that reaches the user as text; `exit_code` is what the process ends with."""

    exit_code = FAILED


class DeployFailed(SlipwayError):
    """The deployment didn't get through; what was serving goes on serving."""


class ConfigurationFault(SlipwayError):
    """A setting, credential or argument is missing or wrong; nothing was changed."""

    exit_code = USAGE


class NotDeployed(SlipwayError):
    """The stack has no deployment that this machine knows of."""

    def __init__(self, stack: str) -> None:
        super().__init__(
            f"Stack '{stack}' has no deployment that this checkout knows of.\n"
            f"Deploy it: slipway deploy -s {stack}   (or: pulumi up -s {stack})"
        )


class Unreachable(SlipwayError):
    """The droplet didn't answer over SSH."""


class VerificationFailed(SlipwayError):
    """The release was deployed, but a check of it failed."""

    exit_code = UNVERIFIED

    def __init__(self, release: str, artifacts: Path | None, then: str) -> None:
        super().__init__(
            f"Release {release} was deployed, but its verification failed; the checks stand above.\n"
            f"Artifacts: {artifacts or 'none'}\n{then}"
        )
        self.release, self.artifacts = release, artifacts


class Locked(SlipwayError):
    """Another deployment holds the lock."""

    exit_code = LOCKED
