"""Where everything lies on the droplet, and what the compose projects and the network are called."""

from dataclasses import dataclass
from pathlib import Path

FAILED, STAGING = ".failed", ".tmp"  # what the folder of a release that isn't one ends in
STANDING = ("data", "edge", "ops")  # projects that outlive a release


@dataclass(frozen=True)
class Layout:
    """Paths under one root; `namespace` keeps the Docker objects of several roots on one engine apart."""

    root: Path
    namespace: str = ""

    @property
    def prefix(self) -> str:
        """What the names of our Docker objects begin with."""
        return f"{self.namespace}-" if self.namespace else ""

    @property
    def network(self) -> str:
        """The one network on which releases, data and edge meet."""
        return f"{self.prefix}slipway"

    def project(self, name: str) -> str:
        """The compose project of a standing part (`edge`, `data`, `ops`)."""
        return f"{self.prefix}{name}"

    def app(self, release: str) -> str:
        """The compose project of a release."""
        return f"{self.prefix}app-{release}"

    @property
    def journal(self) -> Path:
        """What was begun and done, one JSON object a line."""
        return self.root / "journal.jsonl"

    def loose_log(self, release: str) -> Path:
        """Where a run logs until its release has a folder."""
        return self.root / f"rollout-{release}.log"

    def loose_logs(self) -> list[Path]:
        """Return the logs of runs that never came to a folder, newest first; ids sort by time."""
        return sorted(self.root.glob("rollout-*.log"), reverse=True)

    @property
    def lock(self) -> Path:
        """Held by the one process that changes anything; holds its owner as JSON."""
        return self.root / "lock"

    @property
    def shipping_lock(self) -> Path:
        """Held, shared, by whoever sends images; and alone by whoever removes them."""
        return self.root / "shipping.lock"

    @property
    def releases(self) -> Path:
        """One folder a release."""
        return self.root / "releases"

    def release(self, release: str) -> Path:
        """The folder of a release."""
        return self.releases / release

    @property
    def current(self) -> Path:
        """Link to the serving release."""
        return self.root / "current"

    @property
    def previous(self) -> Path:
        """Link to the release that served before."""
        return self.root / "previous"

    @property
    def engines(self) -> Path:
        """This program's files, one for each version that was sent here."""
        return self.root / "engine"

    @property
    def engine(self) -> Path:
        """Link to the program that was sent last."""
        return self.engines / "rollout.pyz"

    @property
    def backups(self) -> Path:
        """Dumps taken before migrations."""
        return self.root / "backups"

    @property
    def edge(self) -> Path:
        """Traefik's configuration; never replaced as a whole, since it is bind-mounted."""
        return self.root / "edge"

    @property
    def dynamic(self) -> Path:
        """The one file that holds every route."""
        return self.edge / "dynamic" / "dynamic.yml"

    @property
    def data(self) -> Path:
        """The data volume's mount point."""
        return self.root / "data"

    @property
    def acme(self) -> Path:
        """Traefik's account and certificates: data, since a new droplet is to serve with them at once."""
        return self.data / "acme"

    def standing(self, name: str) -> Path:
        """Where a standing project's files live: a place that doesn't change from release to release.

        Compose recreates a container when a mount's path changes, so these are never run from a release's folder.
        """
        return self.root / "base" / name
