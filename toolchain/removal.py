"""Take away what the toolchain added to the machine, by its own record."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from toolchain.docker import Docker
from toolchain.errors import CommandFailed
from toolchain.files import sha256_of
from toolchain.ledger import Added, Ledger
from toolchain.settings import Settings
from toolchain.shell import Shell
from toolchain.steps.engine import stop_engine


def own_folders(settings: Settings) -> list[Path]:
    """Return the folders of builds and downloads."""
    state = settings.state
    return [settings.cache, settings.bin, state / "pulumi-home", state / "pulumi-home-official", settings.logs]


def what_goes(settings: Settings) -> list[str]:
    """Describe what `purge` would remove, one thing a line."""
    added = Ledger(settings.ledger).read()
    lines = [f"image {reference}" for reference in added["images"]]
    lines += [f"file {path}" for path in added["files"]]
    lines += [f"Debian package {name}" for name in added["packages"]]
    return lines + [f"folder {folder}" for folder in own_folders(settings) if folder.exists()]


def purge(settings: Settings) -> list[str]:
    """Remove it all and return what was left alone, with the reason; raises CommandFailed when apt refuses."""
    shell = Shell(settings.run / "purge.log", settings.environ)
    added = Ledger(settings.ledger).read()
    kept = _remove_images(Docker(shell), added) + _remove_files(added)
    stop_engine(settings)
    _remove_packages(settings, added)
    for folder in own_folders(settings):
        shutil.rmtree(folder, ignore_errors=not folder.exists())
    settings.ledger.unlink(missing_ok=True)
    return kept


def _remove_images(docker: Docker, added: Added) -> list[str]:
    kept = []
    for reference, image_id in added["images"].items():
        image = docker.image(reference)
        if image is not None and image.id != image_id:
            kept.append(f"image {reference}: it is not the one that was added")
        elif image is not None and not docker.shell.ask(["docker", "image", "rm", reference]).is_yes:
            kept.append(f"image {reference}: something still uses it")
    return kept


def _remove_files(added: Added) -> list[str]:
    kept = []
    for name, digest in added["files"].items():
        path = Path(name)
        if path.exists() and sha256_of(path) != digest:
            kept.append(f"file {path}: it was changed since")
        else:
            path.unlink(missing_ok=True)
    return kept


def _remove_packages(settings: Settings, added: Added) -> None:
    if not added["packages"]:
        return
    argv = ["apt-get", "--yes", "purge", *added["packages"]]
    environ = {**settings.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(argv, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise CommandFailed(
            argv,
            f"ended with {done.returncode}",
            log=settings.ledger,
            tail=(done.stdout + done.stderr).splitlines()[-10:],
            mend="remove by hand the packages that the record names, then run this again",
        )
