"""The Traefik binary, built only where the official image cannot be pulled."""

from __future__ import annotations

from dataclasses import dataclass

from toolchain.go_tools import TRAEFIK, build
from toolchain.session import Session
from toolchain.standins import STANDINS
from toolchain.steps.images import recipe_digest

(STANDIN,) = (standin for standin in STANDINS if standin.go_tool == TRAEFIK.name)


@dataclass(frozen=True)
class Traefik:
    """The binary inside the stand-in for Traefik's image."""

    name: str = "traefik"
    purpose: str = "Traefik from Go modules"
    needs: tuple[str, ...] = ("engine",)
    lane: str | None = "go"

    def probe(self, session: Session) -> str | None:
        """It is in the cache, or the image does not need it."""
        if TRAEFIK.built(session.settings).exists():
            return f"{TRAEFIK.version} is in the cache"
        image = session.docker.image(STANDIN.reference)
        if image is not None and image.recipe in (None, recipe_digest(session, STANDIN)):
            return "its image is here"
        if session.registries.answer_for(session.docker, STANDIN.reference):
            return "the official image can be pulled"
        return None

    def work(self, session: Session) -> str:
        """Build it."""
        build(session, TRAEFIK)
        return f"built {TRAEFIK.version}"
