"""Where the droplet image's packages come from: the Debian mirror that this machine's own apt uses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from localcloud.errors import RuntimeFailure
from localcloud.machines.commands import run

RELEASE = "trixie"
SUITES = (RELEASE, f"{RELEASE}-updates")
SECURITY = f"{RELEASE}-security"
APT = Path("/etc/apt")
CARRIED_OPTIONS = ("Acquire::Check-", "Acquire::http", "Acquire::https", "Acquire::Retries")
"""The machine's apt options that a droplet needs too, as it fetches from the same place by the same way."""


@dataclass(frozen=True)
class Source:
    """One archive address with the suites the machine takes from it."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]


def one_line_sources(text: str) -> Iterator[Source]:
    """Read the classic format: `deb [options] URI SUITE COMPONENT…`."""
    for line in text.splitlines():
        words = line.split("#", 1)[0].split()
        if not words or words[0] != "deb":
            continue
        if len(words) > 1 and words[1].startswith("["):
            closing = next(at for at, word in enumerate(words) if word.endswith("]"))
            words[1 : closing + 1] = []
        if len(words) > 2:
            yield Source(words[1].rstrip("/"), (words[2],), tuple(words[3:]))


def deb822_sources(text: str) -> Iterator[Source]:
    """Read the stanza format of `.sources` files."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    for stanza in "\n".join(line.rstrip() for line in lines).split("\n\n"):
        fields: dict[str, str] = {}
        key = ""
        for line in stanza.splitlines():
            if line[:1].isspace():
                fields[key] += " " + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                key = key.strip().lower()
                fields[key] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        for uri in fields.get("uris", "").split():
            yield Source(uri.rstrip("/"), tuple(fields["suites"].split()), tuple(fields.get("components", "").split()))


def machine_sources(apt: Path = APT) -> list[Source]:
    """Return every archive of the machine's apt configuration."""
    found: list[Source] = []
    for path in [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]:
        if path.suffix == ".sources":
            found += deb822_sources(path.read_text(encoding="utf-8"))
        elif path.suffix == ".list" and path.is_file():
            found += one_line_sources(path.read_text(encoding="utf-8"))
    return found


def droplet_sources(sources: Iterable[Source]) -> list[str]:
    """Write the droplet's sources.list after the machine's own; RuntimeFailure when that has no Debian mirror."""
    main = security = ""
    for source in sources:
        if "main" not in source.components or not source.uri.rstrip("/").endswith(("/debian", "/debian-security")):
            continue
        if any(suite.endswith("-security") for suite in source.suites):
            security = security or source.uri
        else:
            main = main or source.uri
    if not main:
        raise RuntimeFailure(
            f"no Debian mirror in {APT}: the droplet image is made from the mirror that this machine's apt uses. Add "
            "one, or name one with `python -m localcloud image --mirror URL`"
        )
    lines = [f"deb {main} {suite} main" for suite in SUITES]
    return [*lines, f"deb {security} {SECURITY} main"] if security else lines


def carried_apt_options() -> str:
    """Return the machine's apt options that droplets need as well, as a configuration file."""
    lines = run(["apt-config", "dump"]).splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith(CARRIED_OPTIONS))
