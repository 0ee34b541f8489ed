"""The Pulumi CLI: the one on PATH, else the official download, else a build from Go modules."""

from __future__ import annotations

import re
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx

from toolchain.environment import ORIGIN, find_pulumi
from toolchain.errors import ChecksumMismatch
from toolchain.files import folder_made_whole, link_to, sha256_of, unpack
from toolchain.go_tools import PULUMI, build
from toolchain.session import Session
from toolchain.settings import Settings

SITE = "https://get.pulumi.com/releases/sdk"
PLATFORMS = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}
# Where the site is out of reach this must not cost more than a breath.
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


@dataclass(frozen=True)
class Pulumi:
    """A pulumi that runs."""

    name: str = "pulumi"
    purpose: str = "Pulumi CLI"
    needs: tuple[str, ...] = ()
    lane: str | None = "go"

    def probe(self, session: Session) -> str | None:
        """The user's own is used as it is; ours while its recipe is the same."""
        settings = session.settings
        tools = find_pulumi(settings)
        if tools is None:
            return None
        version = session.shell.ask([tools.pulumi, "version"])
        if not version.is_yes:
            return None
        if tools.origin == "path":
            return f"{version.text} is on PATH ({tools.pulumi})"
        current = {"built": PULUMI.built(settings), "downloaded": downloaded(settings)}[tools.origin]
        is_current = tools.pulumi.resolve() == current.resolve()
        return f"{version.text}, {tools.origin}" if is_current else None

    def work(self, session: Session) -> str:
        """Download it where that is possible, else build it."""
        binary, origin = download(session), "downloaded"
        if binary is None:
            session.shell.say("the official download is out of reach: building from Go modules")
            binary, origin = build(session, PULUMI), "built"
        (binary.parent / ORIGIN).write_text(f"{origin}\n")
        link_to(binary, session.settings.bin / "pulumi")
        return f"{origin} {PULUMI.version}"


def downloaded(settings: Settings) -> Path:
    """Where the official binary is, or will be."""
    return settings.cache / "pulumi" / f"official-{PULUMI.version}" / "pulumi"


def download(session: Session, site: str = SITE) -> Path | None:
    """Fetch the official archive, or return None when its site does not answer; raises ChecksumMismatch."""
    target = downloaded(session.settings)
    platform = PLATFORMS.get(session.settings.machine)
    if target.exists() or platform is None:
        return target if target.exists() else None
    archive_name = f"pulumi-v{PULUMI.version}-{platform}.tar.gz"
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True, verify=ssl.create_default_context()) as client:
        try:
            sums = client.get(f"{site}/pulumi-{PULUMI.version}-checksums.txt").raise_for_status().text
            with tempfile.TemporaryDirectory() as folder:
                archive = Path(folder) / archive_name
                fetch(client, f"{site}/{archive_name}", archive)
                check(archive, sums, f"{site}/{archive_name}")
                with folder_made_whole(target.parent) as partial_folder:
                    unpack(archive, partial_folder, below="pulumi/")
        except httpx.HTTPError as error:
            session.shell.say(f"{site}: {error!r}")
            return None
    return target


def fetch(client: httpx.Client, url: str, target: Path) -> None:
    """Fetch a file in pieces."""
    with client.stream("GET", url) as answer, target.open("wb") as stream:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            stream.write(piece)


def check(archive: Path, sums: str, url: str) -> None:
    """Compare an archive with its line in the list of checksums; raises ChecksumMismatch."""
    expected = re.search(rf"^([0-9a-f]{{64}})[ *]+{re.escape(archive.name)}$", sums, re.MULTILINE)
    if expected is None or expected.group(1) != sha256_of(archive):
        raise ChecksumMismatch(
            "the downloaded Pulumi is not the file that its maker published",
            where=url,
            mend="run this again; if it stays so, something between here and there changes downloads",
        )
