"""Every way a rollout can end other than well: what happened, where, what to do."""

from collections.abc import Sequence


class RolloutError(Exception):
    """A failure that is told to the operator; `tail` is the end of the log that explains it."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", todo: str = "", tail: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.where, self.todo, self.tail = what, where, todo, tuple(tail)

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.todo:
            lines.append(f"  do:    {self.todo}")
        return "\n".join(lines)


class UsageFault(RolloutError):
    """The command or what it was given is wrong; nothing was touched."""

    exit_code = 2


class BundleFaults(UsageFault):
    """The bundle is not well formed; every fault is named at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        super().__init__(f"the bundle has {count}:\n{listed}", todo="mend what the bundle is made from, then run again")
        self.faults = tuple(faults)


class Locked(RolloutError):
    """Another rollout holds the lock."""

    exit_code = 4


class CommandFailed(RolloutError):
    """A command ended with a code other than 0, or could not be started."""

    def __init__(self, argv: Sequence[str], code: int, err: str, out: str = "") -> None:
        tail = [line for line in (err or out).splitlines() if line.strip()][-30:]
        super().__init__(f"`{' '.join(argv)}` ended with code {code}", tail=tail)
        self.argv, self.code, self.stdout, self.output = tuple(argv), code, out, out + err


class CommandTimeout(RolloutError):
    """A command did not end within its time limit and was stopped."""

    def __init__(self, argv: Sequence[str], timeout_s: float) -> None:
        super().__init__(f"`{' '.join(argv)}` did not end within {timeout_s:g} s and was stopped")


class NotWellInTime(RolloutError):
    """Something awaited did not come before its deadline."""


class PreflightFaults(RolloutError):
    """This machine can't take the release; every reason is named at once."""

    def __init__(self, faults: Sequence[RolloutError]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class DiskFull(RolloutError):
    """There is less room on a file system than a release needs."""


class PortTaken(RolloutError):
    """A port of the edge is held by something that isn't the edge."""


class DataAtRisk(RolloutError):
    """The data device holds something that is not ours to overwrite."""


class MigrationFailed(RolloutError):
    """The one-shot migration ended badly or ran out of time."""


class RehearsalFailed(RolloutError):
    """There was no way to try a migration out before it runs."""


class SchemaDrift(RolloutError):
    """A statement of an API that serves, or is about to, doesn't fit the schema."""


class Unhealthy(RolloutError):
    """A service stopped, keeps restarting or fails its health check."""


class NotAnswering(RolloutError):
    """The release doesn't answer through Traefik on every route."""


class ServesErrors(RolloutError):
    """The release is reached and healthy, but answers what people ask with server errors."""


class BackupFailed(RolloutError):
    """A dump could not be made, or is not what was dumped."""


class RestoreFailed(RolloutError):
    """A dump could not take the live database's place."""


class StillThere(RolloutError):
    """Something that was removed came back."""


class Interrupted(RolloutError):
    """The operator or the system asked this process to stop."""


class OwnerWontEnd(RolloutError):
    """The process that holds the lock did not end when it was asked to."""


class ReleaseUnknown(UsageFault):
    """No such release on this droplet."""
