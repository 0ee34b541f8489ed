"""The client's `docker compose` and `docker buildx`, from the Debian 13 packages when the machine has none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolchain.files import copy_whole, folder_made_whole, unpack
from toolchain.session import Session
from toolchain.settings import Settings
from toolchain.steps.base_image import BASE

PLUGINS = {"docker-compose": "compose", "docker-buildx": "buildx"}
FETCH = """
cd /tmp
apt-get update
apt-get download docker-compose docker-buildx
for package in *.deb; do dpkg-deb -x "$package" /tmp/content; done
tar -cf /out/plugins.tar -C /tmp/content/usr/libexec/docker/cli-plugins docker-compose docker-buildx
"""


def plugin_folder(settings: Settings) -> Path:
    """Where the docker client looks for plugins: for every user when root, else for this one."""
    if settings.is_root:
        return Path("/usr/local/lib/docker/cli-plugins")
    return settings.home / ".docker" / "cli-plugins"


def lacking(session: Session) -> list[str]:
    """Return the plugins that the client does not have."""
    return [name for name, verb in PLUGINS.items() if not session.shell.ask(["docker", verb, "version"]).is_yes]


@dataclass(frozen=True)
class DockerPlugins:
    """`docker compose` and `docker buildx`."""

    name: str = "docker-plugins"
    purpose: str = "docker compose, buildx"
    needs: tuple[str, ...] = ("base-image",)
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """Both verbs are known to the client."""
        return None if lacking(session) else "docker knows compose and buildx"

    def work(self, session: Session) -> str:
        """Take them out of their packages; nothing is installed by them."""
        kept = session.settings.cache / "cli-plugins" / session.settings.machine
        if not all((kept / name).exists() for name in PLUGINS):
            fetch(session, kept)
        wanted = lacking(session)
        for name in wanted:
            target = plugin_folder(session.settings) / name
            copy_whole(kept / name, target)
            session.ledger.add_file(target)
        return f"put {', '.join(wanted)} into {plugin_folder(session.settings)}"


def fetch(session: Session, folder: Path) -> None:
    """Download the packages inside a container of the base image and unpack the two binaries."""
    with folder_made_whole(folder) as partial:
        session.shell.run(
            ["docker", "run", "--rm", "--volume", f"{partial}:/out", BASE, "sh", "-euc", FETCH],
            timeout_s=600,
            mend="read the log; most often a package mirror did not answer, then run this again",
        )
        archive = partial / "plugins.tar"
        unpack(archive, partial)
        archive.unlink()
