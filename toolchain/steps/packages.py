"""Debian packages: only those whose command is missing, each with its reason."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import NotRoot, ToolMissing
from toolchain.session import Session
from toolchain.steps.engine import EngineRecord

APT_VARIABLES = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
APT = ("apt-get", "--yes", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3")
SYSTEM_FOLDERS = (Path("/usr/sbin"), Path("/sbin"))
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Package:
    """A package, the command that shows it is there, and why it is wanted."""

    name: str
    command: str
    why: str


ENGINE = (
    Package("docker.io", "dockerd", "the engine that runs images and the local cloud's droplets"),
    Package("docker-cli", "docker", "the client of that engine"),
)
TOOLS = (
    Package("iptables", "iptables", "the local cloud's firewalls"),
    Package("e2fsprogs", "mkfs.ext4", "the local cloud's volumes"),
    Package("openssh-client", "ssh", "the way into a droplet"),
    Package("iproute2", "ip", "the local cloud's networks"),
    Package("procps", "sysctl", "the local cloud's routing"),
)
TESTS = (
    Package("openssh-server", "sshd", "the far end of the SSH plugins, in their tests only"),
    Package("chromium", "chromium", "the browser of the journeys, in their tests only"),
)
BENCHES = (Package("wrk", "wrk", "as many requests as can be, in the benchmarks only"),)
MMDEBSTRAP = Package("mmdebstrap", "mmdebstrap", "builds the base image where none can be pulled")


def is_here(session: Session, package: Package) -> bool:
    """Tell whether the package's command can be run, by root too."""
    if session.settings.which(package.command):
        return True
    return any((folder / package.command).exists() for folder in SYSTEM_FOLDERS)


def is_known(session: Session, package: Package) -> bool:
    """Tell whether the machine's sources have the package under this name."""
    answer = session.shell.ask(["apt-cache", "--quiet=0", "policy", package.name])
    return answer.is_yes and "Candidate:" in answer.text and "Candidate: (none)" not in answer.text


def missing(session: Session, packages: Sequence[Package]) -> list[Package]:
    """Return the packages whose command is not on this machine."""
    return [package for package in packages if not is_here(session, package)]


def install(session: Session, packages: Sequence[Package]) -> list[str]:
    """Install packages, record all that came with them and return the names that were asked for.

    Raises NotRoot, ToolMissing or CommandFailed.
    """
    names = [package.name for package in packages]
    if session.settings.which("apt-get") is None:
        raise ToolMissing(
            f"these tools are missing: {', '.join(package.command for package in packages)}",
            where="PATH, and there is no apt-get to install them",
            mend="install them in this system's way and run this again",
        )
    if not session.settings.is_root:
        raise NotRoot(
            f"Debian packages are missing: {', '.join(names)}",
            where="this machine, as a user other than root",
            mend=f"sudo apt-get install {' '.join(names)}",
        )
    with _one_at_a_time:
        for package in packages:
            session.shell.say(f"{package.name}: {package.why}")
        before = _installed(session)
        mend = "read the log; most often a package mirror did not answer, then run this again"
        session.shell.run([*APT, "update"], timeout_s=600, mend=mend, variables=APT_VARIABLES)
        # docker-cli is a package of its own only since Debian 13; before, docker.io holds the client.
        wanted = [package.name for package in packages if package.name != "docker-cli" or is_known(session, package)]
        try:
            session.shell.run(
                [*APT, "install", "--no-install-recommends", *wanted],
                timeout_s=1800,
                mend=mend,
                variables=APT_VARIABLES,
            )
        finally:
            session.ledger.add_packages(sorted(_installed(session) - before))
    return wanted


def _installed(session: Session) -> set[str]:
    answer = session.shell.ask(["dpkg-query", "--show", "--showformat", "${db:Status-Abbrev} ${binary:Package}\n"])
    return {line.split()[1] for line in answer.text.splitlines() if line.startswith("ii")}


@dataclass(frozen=True)
class Packages:
    """The Debian packages that everything else needs, with those that only tests or benchmarks do if asked."""

    for_tests: bool = False
    for_benches: bool = False
    name: str = "packages"
    purpose: str = "Debian packages"
    needs: tuple[str, ...] = ()
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """Everything is there, or an engine that answers makes its packages unneeded."""
        wanted = self._wanted(session)
        return None if wanted else "nothing is missing"

    def work(self, session: Session) -> str:
        """Install what is missing."""
        wanted = self._wanted(session)
        installed = install(session, wanted)
        if wanted[0] in ENGINE and session.docker.version():
            # The package started its own service: what came with us goes with us.
            EngineRecord.at(session.settings).write_service()
        return f"installed {', '.join(installed)}"

    def _wanted(self, session: Session) -> list[Package]:
        engine = () if session.docker.version() else ENGINE
        asked = (*(TESTS if self.for_tests else ()), *(BENCHES if self.for_benches else ()))
        return missing(session, (*engine, *TOOLS, *asked))
