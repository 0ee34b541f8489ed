"""One thing that was looked at, and what was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["well", "warning", "fault", "skipped"]


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and the command that mends it where that is needed."""

    area: str
    name: str
    state: State
    said: str
    mend: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


@dataclass(frozen=True)
class Area:
    """Makes the findings of one area."""

    name: str

    def well(self, name: str, said: str) -> Finding:
        """It is as it should be."""
        return Finding(self.name, name, "well", said)

    def warning(self, name: str, said: str, mend: str) -> Finding:
        """It works, and may not for long or not for everything."""
        return Finding(self.name, name, "warning", said, mend)

    def fault(self, name: str, said: str, mend: str) -> Finding:
        """It doesn't work."""
        return Finding(self.name, name, "fault", said, mend)

    def skipped(self, name: str, why: str) -> Finding:
        """It can't be looked at until something else is mended, or there is nothing to look at yet."""
        return Finding(self.name, name, "skipped", why)


def is_well(findings: list[Finding]) -> bool:
    """Tell whether nothing needs to be mended."""
    return not any(finding.state == "fault" for finding in findings)
