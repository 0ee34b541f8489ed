"""Times what a person waits for: `make up` cold, warm and with nothing to do, and one changed line of the API.

`python -m benchmarks.up [--cold]` works in a copy of the checkout, on a local cloud of its own, and writes its own
table of `docs/performance.md`. `--cold` first empties what the project caches on this machine: its base images,
Docker's build cache and, for the run, the download and build cache.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.page import ROOT, machine, table, write
from tests.checkout import Checkout, copy_working_tree

API = "apps/api/api/__init__.py"
CACHED_IMAGES = ("label=slipway.standin", "reference=localcloud/*", "reference=slipway/*")


@dataclass(frozen=True)
class Figure:
    """What was timed, how long it took and how long it may take."""

    name: str
    seconds: float
    limit_s: float


def timed(name: str, limit_s: float, act: Callable[[], object]) -> Figure:
    """Run `act` and return its seconds."""
    print(f"{name} …", flush=True)
    start = time.monotonic()
    act()
    figure = Figure(name, time.monotonic() - start, limit_s)
    print(f"{name}: {figure.seconds:.1f} s (at most {limit_s:.0f})", flush=True)
    return figure


def empty_caches() -> None:
    """Remove the images that this project made and Docker's build cache."""
    for condition in CACHED_IMAGES:
        listed = subprocess.run(
            ["docker", "image", "ls", "--quiet", "--filter", condition], capture_output=True, text=True, check=True
        )
        identities = sorted(set(listed.stdout.split()))
        if identities:
            subprocess.run(["docker", "image", "rm", "--force", *identities], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["docker", "builder", "prune", "--all", "--force"], check=True, stdout=subprocess.DEVNULL)


def measure(checkout: Checkout, *, cold: bool) -> list[Figure]:
    """Take every figure, in the order in which a person meets them; the deployment is gone afterwards."""
    figures = []
    try:
        first = "`make up`, caches empty" if cold else "`make up` in a fresh clone, caches warm"
        figures.append(timed(first, 1500 if cold else 180, checkout.up))
        figures.append(timed("`make down`", 60, lambda: checkout.must("make", "down")))
        figures.append(timed("`make up` after `make down`", 180, checkout.up))
        figures.append(timed("`make up`, nothing changed", 20, checkout.up))
        path = checkout.root / API
        path.write_text(path.read_text() + "\nCHANGED = True\n")
        deploy = [str(checkout.root / ".venv/bin/slipway"), "deploy", "-s", "local"]
        figures.append(timed("one changed line of the API, to verified", 45, lambda: checkout.must(*deploy)))
    finally:
        checkout.run("make", "down")
    return figures


def report(figures: list[Figure]) -> str:
    """Return the section of the page."""
    rows = [[figure.name, f"{figure.seconds:.1f}", f"{figure.limit_s:.0f}"] for figure in figures]
    return f"{datetime.now(UTC):%Y-%m-%d}, {machine()}.\n\n" + table(["what", "seconds", "at most"], rows)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cold", action="store_true", help="empty this project's caches first (about 15 minutes)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        checkout = copy_working_tree(ROOT, Path(folder) / "slipway")
        if arguments.cold:
            empty_caches()
            checkout.environment["SLIPWAY_CACHE"] = str(Path(folder) / "cache")
        section = report(measure(checkout, cold=arguments.cold))
    print(section)
    write("bench-up cold" if arguments.cold else "bench-up warm", section)


if __name__ == "__main__":
    main()
