"""What every step is given: the droplet, which release comes and which one serves."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rollout.bundle import Bundle
from rollout.docker import Docker
from rollout.host import Host
from rollout.layout import Layout
from rollout.redact import Redactor
from rollout.releases import Manifest, Releases


@dataclass(frozen=True)
class Context:
    """The facts of one run; a step keeps nothing in itself, so that another process can undo it."""

    host: Host
    layout: Layout
    docker: Docker
    releases: Releases
    redact: Redactor
    release: str
    serving: str | None  # what serves when the run begins
    before: str | None  # what `previous` named when the run began
    bundle: Bundle | None = None
    say: Callable[[str], None] = print

    @property
    def folder(self) -> Path:
        """The coming release's folder."""
        return self.layout.release(self.release)

    @property
    def project(self) -> str:
        """The coming release's compose project."""
        return self.layout.app(self.release)

    @property
    def old(self) -> str | None:
        """The release that is to stop; none when a release is only being mended."""
        return self.serving if self.serving != self.release else None

    def manifest(self, release: str | None = None) -> Manifest:
        """What a release is made of; the coming one by default."""
        return self.releases.manifest(release or self.release)
