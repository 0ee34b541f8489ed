"""What keeps a verification from starting or from reading what it needs."""


class VerificationError(Exception):
    """Base of every error that this room raises on purpose."""


class UnknownDeployment(VerificationError):
    """The facts of the given address are not known here."""


class DropletUnreachable(VerificationError):
    """The droplet didn't answer over SSH."""
