"""What keeps a verification from starting or from reading what it needs."""


class VerificationError(Exception):
    """Base of every error that this room raises on purpose."""


class UnknownDeployment(VerificationError):
    """The facts of the given address are not known here."""


class DropletUnreachable(VerificationError):
    """The droplet didn't answer over SSH; what only it could tell stays unknown."""


class CommandFailed(VerificationError):
    """The droplet answered, but what was asked of it failed."""


class SiteUnreachable(VerificationError):
    """No answer of the site came: no connection, no TLS, or nothing in time."""


class NoAnswer(VerificationError):
    """A name server said nothing about a name."""
