"""Build the droplet image from Debian's packages and give it to the Docker engine."""

import fcntl
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from localcloud.machines import docker
from localcloud.machines.commands import environment, run
from localcloud.machines.mirror import RELEASE, Source, carried_apt_options, droplet_sources, machine_sources
from localcloud.machines.recipe import HOST_BUNDLE, LEFT_OUT, PACKAGES

IMAGE = "localcloud/debian-13-x64"
RECIPE_LABEL = "localcloud.recipe"
BUILD_TIMEOUT_S = 1800
PACKAGE_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what the image holds."""

    sources: tuple[str, ...]
    apt_options: str
    authorities: str
    customization: str

    @property
    def digest(self) -> str:
        """Identify the recipe; an image with this digest need not be built again."""
        parts = ("\n".join(PACKAGES), "\n".join(self.sources), self.apt_options, self.authorities, self.customization)
        return sha256("\0".join(parts).encode()).hexdigest()


def current_recipe(mirror: str | None = None) -> Recipe:
    """Read the recipe off this machine: its mirror, its way to it, the authorities it trusts."""
    sources = [Source(mirror.rstrip("/"), (RELEASE,), ("main",))] if mirror else machine_sources()
    authorities = HOST_BUNDLE.read_text(encoding="utf-8") if HOST_BUNDLE.exists() else ""
    customization = (Path(__file__).parent / "recipe.py").read_text(encoding="utf-8")
    return Recipe(tuple(droplet_sources(sources)), carried_apt_options(), authorities, customization)


def is_current(recipe: Recipe) -> bool:
    """Tell whether the engine has the image of this recipe."""
    found = docker.inspect("image", IMAGE)
    labels = (found["Config"].get("Labels") or {}) if found else {}
    return bool(labels.get(RECIPE_LABEL) == recipe.digest)


def build_command(recipe: Recipe, apt_options: Path, archive: Path) -> list[str]:
    """Write the mmdebstrap call; the mirrors go by standard input."""
    command = ["mmdebstrap", "--variant=minbase", "--mode=root", f"--include={','.join(PACKAGES)}"]
    command += [f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in LEFT_OUT]
    command += ["--dpkgopt=force-unsafe-io", '--aptopt=APT::Install-Recommends "false"']
    command += ['--aptopt=Acquire::Languages "none"', f"--aptopt={apt_options}"]
    command += [f"--customize-hook={shlex.quote(sys.executable)} -m localcloud.machines.recipe " + '"$1"']
    return [*command, RELEASE, str(archive), "-"]


@contextmanager
def _one_build_at_a_time() -> Iterator[None]:
    """Hold a lock on the folder for temporary files: it is the machine's, and no lock file stays behind."""
    folder = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def ensure(mirror: str | None, say: Callable[[str], None]) -> str:
    """Build the image unless the engine has it; return its id."""
    recipe = current_recipe(mirror)
    if not is_current(recipe):
        with _one_build_at_a_time(), tempfile.TemporaryDirectory(prefix="localcloud-image-") as folder:
            if not is_current(recipe):
                _build(recipe, Path(folder), say)
    return docker.image_id(IMAGE) or ""


def _build(recipe: Recipe, folder: Path, say: Callable[[str], None]) -> None:
    archive, apt_options = folder / "root.tar", folder / "apt.conf"
    apt_options.write_text(recipe.apt_options, encoding="utf-8")
    say("fetching and unpacking Debian 13 (40 to 80 s)")
    path = {"PYTHONPATH": f"{PACKAGE_ROOT}:{environment().get('PYTHONPATH', '')}"}
    sources = "\n".join(recipe.sources) + "\n"
    run(build_command(recipe, apt_options, archive), stdin=sources, timeout_s=BUILD_TIMEOUT_S, env=path)
    say("handing the image to Docker")
    label = f"LABEL {RECIPE_LABEL}={recipe.digest}"
    run(["docker", "import", "--change", label, str(archive), IMAGE], timeout_s=600)
