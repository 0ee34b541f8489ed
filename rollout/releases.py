"""The releases on this droplet: their folders, their manifests, and which of them serves."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rollout.bundle import Image, Limits, Route, Volume
from rollout.host import Host
from rollout.layout import FAILED, STAGING, Layout


@dataclass(frozen=True)
class Manifest:
    """What a release is made of, without its secrets; everything after `stage` works from this."""

    release: str
    revision: str
    digest: str
    domain: str
    created: str
    images: tuple[Image, ...]
    services: dict[str, list[str]]  # project → its services: app, data, edge, ops
    volume: Volume | None
    routes: tuple[Route, ...]
    https_port: int
    keep_releases: int
    limits: Limits

    def to_json(self) -> str:
        """Return the manifest as text."""
        return json.dumps({"version": 1, **asdict(self)}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest."""
        raw: dict[str, Any] = json.loads(text)
        raw.pop("version")
        raw["images"] = tuple(Image(**row) for row in raw["images"])
        raw["routes"] = tuple(Route(**row) for row in raw["routes"])
        raw["volume"] = Volume(**raw["volume"]) if raw["volume"] else None
        raw["limits"] = Limits(**raw["limits"])
        return cls(**raw)


class Releases:
    """Reads the release folders and moves the two links."""

    def __init__(self, host: Host, layout: Layout) -> None:
        self.host, self.layout = host, layout

    def ids(self) -> list[str]:
        """Return every whole release, newest first; ids sort by time."""
        folders = self.layout.releases.glob("*") if self.layout.releases.exists() else []
        names = [f.name for f in folders if f.is_dir() and not f.name.endswith((FAILED, STAGING))]
        return sorted(names, reverse=True)

    def leftovers(self) -> list[Path]:
        """Return the folders of failed and half-staged releases, newest first."""
        found = [f for end in (FAILED, STAGING) for f in self.layout.releases.glob(f"*{end}")]
        return sorted(found, reverse=True)

    def manifest(self, release: str) -> Manifest:
        """Return what a release is made of."""
        return Manifest.from_json((self.layout.release(release) / "manifest.json").read_text())

    def serving(self) -> str | None:
        """Return the release that `current` names, if its folder is whole."""
        name = _target(self.layout.current)
        return name if name and (self.layout.release(name) / "manifest.json").exists() else None

    def before(self) -> str | None:
        """Return the release that `previous` names, if its folder is still there."""
        name = _target(self.layout.previous)
        return name if name and self.layout.release(name).is_dir() else None

    def point(self, link: Path, release: str | None) -> None:
        """Make a link name a release, or remove it."""
        if release is None:
            self.host.remove(link)
        else:
            self.host.link(link, f"releases/{release}")

    def secrets(self, release: str) -> list[str]:
        """Return a release's secret values, to keep them out of what is printed."""
        folder = self.layout.release(release) / "secrets"
        return (
            [path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()]
            if folder.exists()
            else []
        )

    def new_id(self, revision: str) -> str:
        """Return an id that no release has had, later than all that are here."""
        stamp = self.host.now()
        taken = {f.name.removesuffix(FAILED).removesuffix(STAGING) for f in self.layout.releases.glob("*")}
        second = int(stamp.timestamp())
        while (name := f"{stamp.fromtimestamp(second, stamp.tzinfo):%Y%m%d-%H%M%S}-{revision}") in taken:
            second += 1
        return name


def _target(link: Path) -> str | None:
    return link.readlink().name if link.is_symlink() else None
