"""Make the checkout's Python environment; runs on the machine's own Python with nothing but the standard library.

The packages are those of requirements/dev.txt, by their hashes. They are installed by uv, and uv comes from PyPI.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements" / "dev.txt"
STAMP = VENV / "slipway-environment.json"
OLDEST_PYTHON = (3, 11)


class BootstrapError(Exception):
    """The environment could not be made: what, where, and what mends it."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what}\n  where: {where}\n  mend:  {mend}")


def say(text: str) -> None:
    """Tell the person what happens."""
    print(f"environment: {text}", flush=True)


def cache_folder() -> Path:
    """Return where downloads are kept."""
    given = os.environ.get("SLIPWAY_CACHE")
    return Path(given).expanduser().absolute() if given else ROOT / ".slipway" / "cache"


def recipe_digest() -> str:
    """Return a digest that changes when the environment would come out differently."""
    parts = [sys.version, sys.executable, str(ROOT), REQUIREMENTS.read_text(), (ROOT / "pyproject.toml").read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_current() -> bool:
    """Tell whether the environment was made, to its end, from the present recipe."""
    if not STAMP.exists() or not (VENV / "bin" / "python").exists():
        return False
    return bool(json.loads(STAMP.read_text())["recipe"] == recipe_digest())


def run(argv: list[str], log: Path, what: str, variables: dict[str, str] | None = None) -> None:
    """Run a tool into the log; raises BootstrapError with the log's tail."""
    environ = {**os.environ, **(variables or {})}
    with log.open("ab") as stream:
        stream.write(f"$ {' '.join(argv)}\n".encode())
        stream.flush()
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=environ, cwd=ROOT)
    if done.returncode != 0:
        tail = "\n".join(f"  | {line}" for line in log.read_text(errors="replace").splitlines()[-12:])
        raise BootstrapError(f"{what} failed\n{tail}", str(log), "mend what the log names, then run this again")


def ensure_venv_module(log: Path) -> None:
    """Install python3-venv where Debian split it off."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise BootstrapError(
            "this Python cannot make environments",
            sys.executable,
            f"sudo apt-get install {package}, then run this again",
        )
    say(f"installing {package}, without which this Python cannot make environments")
    variables = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "--yes", "update"], log, "apt-get update", variables)
    run(["apt-get", "--yes", "install", "--no-install-recommends", package], log, "apt-get install", variables)
    record_package(package)


def record_package(name: str) -> None:
    """Record a package in the same ledger as the rest of the toolchain."""
    ledger = ROOT / ".slipway" / "installed.json"
    known = json.loads(ledger.read_text()) if ledger.exists() else {}
    known["packages"] = sorted({*known.get("packages", []), name})
    partial = ledger.with_suffix(".partial")
    partial.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
    partial.replace(ledger)


def requirement(name: str) -> str:
    """Return the lines of one package in the requirements, with its hashes."""
    found = re.search(rf"^{name}==.*?(?=^\S|\Z)", REQUIREMENTS.read_text(), re.MULTILINE | re.DOTALL)
    if found is None:
        raise BootstrapError(f"{name} is not pinned", str(REQUIREMENTS), "make lock")
    return found.group(0)


def find_uv(log: Path) -> Path:
    """Return the pinned uv, fetched once into the cache by its hash."""
    pinned = requirement("uv")
    folder = cache_folder() / f"uv-{hashlib.sha256((pinned + sys.version).encode()).hexdigest()[:12]}"
    binary = folder / "bin" / "uv"
    if binary.exists():
        return binary
    say("fetching uv, which installs the rest")
    ensure_venv_module(log)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".uv-"))
    try:
        run([sys.executable, "-m", "venv", str(partial)], log, "making a folder for uv")
        wanted = partial / "requirements.txt"
        wanted.write_text(pinned)
        pip = [str(partial / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        run([*pip, "--requirement", str(wanted)], log, "fetching uv")
        (partial / "bin").chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return binary


def make_environment(uv: Path, log: Path) -> None:
    """Make .venv hold exactly what is pinned, and this checkout itself."""
    variables = {"VIRTUAL_ENV": str(VENV), "UV_CACHE_DIR": str(cache_folder() / "uv"), "UV_SYSTEM_CERTS": "true"}
    STAMP.unlink(missing_ok=True)
    if not venv_works():
        say(f"making .venv with Python {sys.version.split()[0]}")
        # With pip inside: Pulumi's own language host asks it for the list of packages.
        seeded = [str(uv), "venv", "--quiet", "--seed", "--clear", "--python", sys.executable, str(VENV)]
        run(seeded, log, "making .venv", variables)
    count = len(re.findall("^[a-z0-9].*==", REQUIREMENTS.read_text(), re.MULTILINE))
    say(f"installing {count} packages by their hashes")
    synced = [str(uv), "pip", "sync", "--require-hashes", str(REQUIREMENTS)]
    run(synced, log, "installing the requirements", variables)
    editable = [str(uv), "pip", "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    run(editable, log, "installing the checkout", variables)
    STAMP.write_text(json.dumps({"recipe": recipe_digest()}) + "\n")


def venv_works() -> bool:
    """Tell whether .venv is there and made by this Python."""
    python = VENV / "bin" / "python"
    if not python.exists():
        return False
    question = "import sys; print(sys.version)"
    asked = subprocess.run([str(python), "-c", question], capture_output=True, text=True)
    return asked.returncode == 0 and asked.stdout.strip() == sys.version.strip()


def main() -> int:
    """Make the environment unless it is current; return the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        print("environment: Python 3.11 or newer is needed: make PYTHON3=/path/to/python3.11 …", file=sys.stderr)
        return 2
    if is_current():
        say(".venv is current")
        return 0
    began = time.monotonic()
    log = ROOT / ".slipway" / "run" / "log" / "environment.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    try:
        make_environment(find_uv(log), log)
    except BootstrapError as error:
        print(f"\n✗ {error}", file=sys.stderr)
        return 1
    say(f"ready ({time.monotonic() - began:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
