"""What can be wrong before or while the program declares resources."""

from dataclasses import dataclass


class InfraError(Exception):
    """Base of every error that this room raises on purpose; its text is written for the operator."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a stack's configuration: the key, what is wrong, and the command that mends it."""

    key: str
    problem: str
    mend: str


class SettingsError(InfraError):
    """The configuration can't be used; the message lists every fault at once with its mend."""

    def __init__(self, stack: str, faults: list[Fault]) -> None:
        self.faults = faults
        noun = "fault" if len(faults) == 1 else "faults"
        lines = [f"The configuration of stack '{stack}' has {len(faults)} {noun}; nothing was changed."]
        for fault in faults:
            lines += [f"  {fault.key}: {fault.problem}", f"      mend: {fault.mend}"]
        super().__init__("\n".join(lines))


class ShippingError(InfraError):
    """An image could not be built or brought to the droplet."""
