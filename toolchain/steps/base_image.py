"""The base of all stand-ins: Debian 13, pulled, else made from the package mirrors of this machine."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from toolchain.debian import SUITE, codename_of, kept_options, own_certificates, read_sources, sources_for
from toolchain.files import digest_of
from toolchain.session import Session
from toolchain.steps.packages import MMDEBSTRAP, install, missing

BASE = "debian:trixie-slim"
INCLUDE = ("ca-certificates", "tzdata")
UNWANTED = ("doc", "man", "info", "locale", "lintian", "linda", "groff")
DPKG_OPTIONS = (
    *(f"path-exclude=/usr/share/{name}/*" for name in UNWANTED),
    "path-include=/usr/share/doc/*/copyright",
)
# An image keeps no downloads and no caches of apt, and reads no translations. These go in last: mmdebstrap itself
# needs what it downloaded.
APT_OPTIONS = (
    'Acquire::Languages "none"',
    'APT::Keep-Downloaded-Packages "false"',
    'Dir::Cache::pkgcache ""',
    'Dir::Cache::srcpkgcache ""',
    'APT::Update::Post-Invoke { "rm -f /var/cache/apt/*.bin"; }',
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin"; }',
)


@dataclass(frozen=True)
class BaseRecipe:
    """Everything that decides what the base image holds."""

    sources: tuple[str, ...]
    mirror_options: tuple[str, ...]
    certificates: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Changes when anything in the recipe does."""
        argv = [str(word) for word in self.argv(Path(), Path(), [])]
        return digest_of(*argv, *APT_OPTIONS, *self.certificates)

    def argv(self, archive: Path, apt_file: Path, certificates: Iterable[Path]) -> list[str | Path]:
        """Return the command that makes the root file system."""
        copied = shlex.join(str(path) for path in certificates)
        argv: list[str | Path] = ["mmdebstrap", "--variant=minbase", f"--include={','.join(INCLUDE)}"]
        argv += [f"--dpkgopt={option}" for option in DPKG_OPTIONS]
        argv += [f"--aptopt={option}" for option in self.mirror_options]
        argv += [f"--customize-hook=copy-in {shlex.quote(str(apt_file))} /etc/apt/apt.conf.d"]
        argv += ['--customize-hook=rm -f "$1"/var/cache/apt/*.bin']
        if copied:
            argv += [f"--customize-hook=copy-in {copied} /usr/local/share/ca-certificates"]
            argv += ['--customize-hook=chroot "$1" update-ca-certificates']
        return [*argv, SUITE, archive, *self.sources]


def recipe_here(session: Session) -> BaseRecipe:
    """Read from the machine what its own packages and certificates come from."""
    codename = codename_of(Path("/etc/os-release").read_text())
    sources = sources_for(SUITE, read_sources(Path("/etc/apt")), codename)
    options = kept_options(session.shell.ask(["apt-config", "dump"]).text)
    bundle = Path("/etc/ssl/certs/ca-certificates.crt")
    public = (path.read_text() for path in Path("/usr/share/ca-certificates").rglob("*.crt"))
    certificates = own_certificates(bundle.read_text(), public) if bundle.exists() else []
    return BaseRecipe(tuple(sources), tuple(options), tuple(certificates))


@dataclass(frozen=True)
class BaseImage:
    """The image that every stand-in shares."""

    name: str = "base-image"
    purpose: str = BASE
    needs: tuple[str, ...] = ("engine",)
    lane: str | None = None

    def probe(self, session: Session) -> str | None:
        """An image from elsewhere is used as it is; a stand-in while its recipe is the same."""
        image = session.docker.image(BASE)
        if image is None:
            return None
        if image.recipe is None:
            return "is here, from elsewhere"
        return "stand-in is current" if image.recipe == recipe_here(session).digest else None

    def work(self, session: Session) -> str:
        """Pull it, else make it."""
        docker = session.docker
        if session.registries.answer_for(docker, BASE) and docker.pull(BASE):
            _record(session)
            return "pulled"
        recipe = recipe_here(session)
        archive = session.settings.cache / "base" / f"{SUITE}-{recipe.digest}.tar"
        if not archive.exists():
            make_archive(session, recipe, archive)
        old = docker.image(BASE)
        docker.import_root(archive, BASE, recipe.digest)
        _record(session)
        if old is not None:
            docker.forget(old.id)
        return "built from Debian packages"


def _record(session: Session) -> None:
    image = session.docker.image(BASE)
    if image is not None:
        session.ledger.add_image(BASE, image.id)


def make_archive(session: Session, recipe: BaseRecipe, archive: Path) -> None:
    """Make the root file system; the archive gets its name when it is complete, and older ones go."""
    lacking = missing(session, [MMDEBSTRAP])
    if lacking:
        install(session, lacking)
    archive.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=archive.parent))
    try:
        certificates = _write_certificates(work / "certificates", recipe.certificates)
        apt_file = work / "slipway-image"
        apt_file.write_text("".join(f"{option};\n" for option in APT_OPTIONS))
        partial = work / archive.name
        session.shell.run(
            recipe.argv(partial, apt_file, certificates),
            timeout_s=1200,
            mend="read the log; most often a package mirror did not answer, then run this again",
        )
        for stale in archive.parent.glob("*.tar"):
            stale.unlink()
        partial.replace(archive)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write_certificates(folder: Path, certificates: Iterable[str]) -> list[Path]:
    folder.mkdir()
    written = []
    for number, certificate in enumerate(certificates, start=1):
        path = folder / f"machine-{number}.crt"
        path.write_text(certificate)
        written.append(path)
    return written
