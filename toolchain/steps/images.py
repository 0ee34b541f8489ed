"""The images that Slipway's own are built from and run beside: official ones, else their stand-ins."""

from __future__ import annotations

import base64
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import ChecksumMismatch, ToolchainError
from toolchain.files import digest_of, digest_of_folder
from toolchain.go_tools import STANDIN_TOOLS, build
from toolchain.session import Session
from toolchain.settings import CHECKOUT
from toolchain.standins import STANDINS, NpmPackage, StandIn
from toolchain.steps.base_image import BASE

RECIPES = CHECKOUT / "toolchain" / "images"


@dataclass(frozen=True)
class OfficialImage:
    """One official image, or what stands in for it."""

    standin: StandIn
    lane: str | None = None

    @property
    def name(self) -> str:
        """Named after the recipe's folder."""
        return f"image-{self.standin.folder}"

    @property
    def purpose(self) -> str:
        """The image itself."""
        return self.standin.reference

    @property
    def needs(self) -> tuple[str, ...]:
        """The shared base and the builder, the binary where there is one, and the image below."""
        more = [self.standin.go_tool, f"image-{self.standin.built_on}" if self.standin.built_on else None]
        return ("docker-plugins", *filter(None, more))

    def probe(self, session: Session) -> str | None:
        """An image from elsewhere is used as it is; a stand-in while its recipe is the same."""
        image = session.docker.image(self.standin.reference)
        if image is None:
            return None
        if image.recipe is None:
            return "is here, from elsewhere"
        return "stand-in is current" if image.recipe == recipe_digest(session, self.standin) else None

    def work(self, session: Session) -> str:
        """Pull the official image, else build the stand-in."""
        docker, reference = session.docker, self.standin.reference
        if session.registries.answer_for(docker, reference) and docker.pull(reference):
            self._record(session)
            return "pulled"
        old = docker.image(reference)
        with tempfile.TemporaryDirectory(dir=_folder(session.settings.cache / "contexts")) as name:
            context = Path(name) / self.standin.folder
            prepare(session, self.standin, context)
            docker.build(context, reference, recipe_digest(session, self.standin))
        self._record(session)
        new = docker.image(reference)
        if old is not None and new is not None and old.id != new.id:
            docker.forget(old.id)
        return "built the stand-in"

    def _record(self, session: Session) -> None:
        image = session.docker.image(self.standin.reference)
        if image is not None:
            session.ledger.add_image(self.standin.reference, image.id)


def all_images(*, for_tests: bool = False) -> list[OfficialImage]:
    """Return one step for each image, with those that only tests start if asked."""
    return [OfficialImage(standin) for standin in STANDINS if for_tests or not standin.is_for_tests]


def recipe_digest(session: Session, standin: StandIn) -> str:
    """Changes when the stand-in would come out differently: its own files, what it takes in, or the base below it."""
    base = session.docker.image(_reference_below(standin))
    below = (base.recipe or base.id) if base else ""
    taken = [npm_package(session, standin, name).integrity for name in standin.npm]
    if standin.go_tool:
        taken.append(STANDIN_TOOLS[standin.go_tool].digest(session.settings))
    return digest_of(digest_of_folder(RECIPES / standin.folder), below, *taken)


def _reference_below(standin: StandIn) -> str:
    return next((other.reference for other in STANDINS if other.folder == standin.built_on), BASE)


def prepare(session: Session, standin: StandIn, context: Path) -> None:
    """Lay out the folder that the image is built from."""
    shutil.copytree(RECIPES / standin.folder, context)
    for name in standin.npm:
        shutil.copyfile(fetch_npm(session, npm_package(session, standin, name)), context / name)
    if standin.go_tool:
        shutil.copyfile(build(session, STANDIN_TOOLS[standin.go_tool]), context / standin.go_tool)


def npm_package(session: Session, standin: StandIn, name: str) -> NpmPackage:
    """Return the package for a file of the recipe, which may depend on the kind of machine."""
    package = standin.npm[name]
    if isinstance(package, NpmPackage):
        return package
    machine = session.settings.machine
    if machine not in package:
        raise ToolchainError(
            f"{standin.reference} cannot be pulled and there is no stand-in for a machine of the kind {machine}",
            where=str(RECIPES / standin.folder),
            mend=f"make the image's registry reachable, or load the image: docker load < {standin.folder}.tar",
        )
    return package[machine]


def fetch_npm(session: Session, package: NpmPackage) -> Path:
    """Fetch a package of the npm registry with the machine's own npm; raises ChecksumMismatch."""
    folder = _folder(session.settings.cache / "npm")
    kept = folder / f"{package.name}-{package.version}.tgz"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=folder) as name:
            session.shell.run(
                ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", name, package.spec],
                timeout_s=600,
                mend="read the log; most often the npm registry did not answer, then run this again",
                cwd=Path(name),
            )
            (fetched,) = Path(name).glob("*.tgz")
            check_integrity(fetched, package)
            fetched.replace(kept)
    return kept


def check_integrity(path: Path, package: NpmPackage) -> None:
    """Compare a file with the package's integrity value; raises ChecksumMismatch."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != package.integrity:
        raise ChecksumMismatch(
            f"{package.spec} is not the package that toolchain/standins.py names",
            where=f"the npm registry, as npm is configured here (got {found})",
            mend="npm config get registry; then run this again",
        )


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
