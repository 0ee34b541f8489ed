"""The Debian mirrors and certificates that this machine uses, for the images that are built on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import MirrorUnknown

SUITE = "trixie"
POCKETS = ("", "-updates", "-security")
# Of the machine's apt options those that decide whether a mirror can be used at all.
OPTIONS = (
    "Acquire::http::Proxy",
    "Acquire::https::Proxy",
    "Acquire::Check-Valid-Until",
    "Acquire::Check-Date",
)
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----\s+(.+?)\s+-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """One suite on one mirror."""

    uri: str
    suite: str


def read_sources(folder: Path) -> list[Source]:
    """Read the machine's package sources (`/etc/apt`), in both formats that apt knows."""
    found: list[Source] = []
    lists = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))]
    for path in lists:
        if path.is_file():
            found += _one_line_sources(path.read_text())
    for path in sorted((folder / "sources.list.d").glob("*.sources")):
        found += _stanza_sources(path.read_text())
    return found


def _one_line_sources(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        words = re.sub(r"\[[^]]*\]", "", line.split("#")[0]).split()
        if len(words) >= 3 and words[0] == "deb":
            yield Source(words[1].rstrip("/"), words[2])


def _stanza_sources(text: str) -> Iterator[Source]:
    for stanza in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        key = ""
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace():
                fields[key] = f"{fields.get(key, '')} {line.strip()}"
            elif ":" in line:
                key, _, value = line.partition(":")
                key = key.strip().lower()
                fields[key] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(uri.rstrip("/"), suite)


def sources_for(suite: str, known: Iterable[Source], codename: str) -> list[str]:
    """Return apt lines for `suite` from the mirrors that serve the machine's own release.

    Raises MirrorUnknown when the machine's sources name no mirror of its own release.
    """
    mirrors = {
        source.suite.removeprefix(codename): source.uri
        for source in reversed(list(known))
        if source.suite.startswith(codename)
    }
    if "" not in mirrors:
        raise MirrorUnknown(
            f"no package source of this machine serves {codename}, so the mirror for {suite} is unknown",
            where="/etc/apt/sources.list and /etc/apt/sources.list.d",
            mend=f"name a Debian mirror there (suite {codename}, component main) and run this again",
        )
    return [f"deb {mirrors[pocket]} {suite}{pocket} main" for pocket in POCKETS if pocket in mirrors]


def codename_of(os_release: str) -> str:
    """Return the release's code name from the text of /etc/os-release."""
    found = re.search(r"^VERSION_CODENAME=\"?([a-z]+)\"?$", os_release, re.MULTILINE)
    return found.group(1) if found else ""


def kept_options(apt_config: str) -> list[str]:
    """Pick from the output of `apt-config dump` the options that a new system needs to use the same mirrors."""
    return [line.rstrip(";") for line in apt_config.splitlines() if line.split(" ")[0] in OPTIONS and '""' not in line]


def own_certificates(bundle: str, public: Iterable[str]) -> list[str]:
    """Return the certificates that the machine trusts and Debian by itself does not."""
    usual = {_body(match) for text in public for match in CERTIFICATE.finditer(text)}
    return [match.group(0) + "\n" for match in CERTIFICATE.finditer(bundle) if _body(match) not in usual]


def _body(match: re.Match[str]) -> str:
    return "".join(match.group(1).split())
