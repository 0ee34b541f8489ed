"""The image that the local cloud boots droplets from."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.session import Session


@dataclass(frozen=True)
class DropletImage:
    """The local cloud's debian-13-x64, made by the local cloud itself, which knows when it is current."""

    name: str = "droplet-image"
    purpose: str = "the local cloud's droplets"
    needs: tuple[str, ...] = ("docker-plugins",)
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """Only the local cloud can tell."""
        return None

    def work(self, session: Session) -> str:
        """Have the local cloud make it, or find it current."""
        settings = session.settings
        session.shell.run(
            [settings.python, "-m", "localcloud", "image"],
            timeout_s=1800,
            mend="read the log; most often a package mirror did not answer, then run this again",
            cwd=settings.root,
            variables={"SLIPWAY_CACHE": str(settings.cache)},
        )
        return "is current"
