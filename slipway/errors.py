"""How a command can end badly: one class per exit code that a caller can act on."""

import signal
from pathlib import Path

FAILED, USAGE, UNVERIFIED, LOCKED = 1, 2, 3, 4
# A process that a signal ended says so by 128 and the signal's number, as a shell would.
SIGNALLED = 128
INTERRUPTED = SIGNALLED + signal.SIGINT


class SlipwayError(Exception):
    """Base of every error that reaches the user as text; `exit_code` is what the process ends with."""

    exit_code = FAILED


class DeployFailed(SlipwayError):
    """The deployment didn't get through; the message says what serves now."""


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


class BackupTorn(SlipwayError):
    """A dump did not arrive, here or on the droplet."""


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


class Terminated(KeyboardInterrupt):
    """Somebody ended this process by a signal other than Ctrl-C; what is open is closed as after that."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.exit_code = SIGNALLED + number


class ApiFault(SlipwayError):
    """The cloud's API can't be reached, or refuses a request."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message)
        self.status = status
