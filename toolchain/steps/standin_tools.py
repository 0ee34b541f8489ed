"""The binaries inside stand-ins, built only where the official image cannot be pulled."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.go_tools import GoTool, build
from toolchain.session import Session
from toolchain.standins import STANDINS, StandIn
from toolchain.steps.images import recipe_digest


@dataclass(frozen=True)
class StandInTool:
    """One binary from Go modules, for the stand-in of its official image."""

    tool: GoTool
    needs: tuple[str, ...] = ("engine",)
    lane: str | None = "go"

    @property
    def name(self) -> str:
        """The tool's own name."""
        return self.tool.name

    @property
    def purpose(self) -> str:
        """What it becomes a part of."""
        return f"for the stand-in of {self.standin.reference}"

    @property
    def standin(self) -> StandIn:
        """The image that holds the binary."""
        (found,) = (standin for standin in STANDINS if standin.go_tool == self.tool.name)
        return found

    def probe(self, session: Session) -> str | None:
        """It is in the cache, or the image does not need it."""
        if self.tool.built(session.settings).exists():
            return f"{self.tool.version} is in the cache"
        image = session.docker.image(self.standin.reference)
        if image is not None and image.recipe in (None, recipe_digest(session, self.standin)):
            return "its image is here"
        if session.registries.answer_for(session.docker, self.standin.reference):
            return "the official image can be pulled"
        return None

    def work(self, session: Session) -> str:
        """Build it."""
        build(session, self.tool)
        return f"built {self.tool.version}"
