"""`python -m benchmarks.rollout`: time releases of the whole application, and a plain deploy of the same change.

Works in a copy of the checkout, on a local cloud of its own, under a constant load of visitors, and writes its table
into docs/performance.md. `--rounds N` for a look.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.page import ROOT, write
from benchmarks.rollout import plain
from benchmarks.rollout.droplet import Droplet, Memory
from benchmarks.rollout.report import Figures, Release, report
from benchmarks.rollout.visitors import Visitors
from tests.checkout import Checkout, copy_working_tree

API = "apps/api/api/__init__.py"
SMALL = "s-1vcpu-1gb"
# Visitors and the verification share an address; the latter asks until it is refused.
LIMIT = "pulumi config set slipway:rateLimitApiRpm 3000 -s local"
ENV = 'eval "$(uv run slipway env -s local)"'


def say(line: str) -> None:
    """Tell how far the run is."""
    print(line, flush=True)


def change(checkout: Checkout, number: int) -> None:
    """Change one line of the API."""
    path = checkout.root / API
    text = path.read_text().partition("\nROUND")[0]
    path.write_text(f"{text}\nROUND = {number}\n")


def released(droplet: Droplet, number: int, deploy: Callable[[], dict[str, float]]) -> Release:
    """Change a line, deploy it while visitors come, and return what that took."""
    change(droplet.checkout, number)
    deployment = droplet.checkout.deployment
    with Visitors(deployment.address, deployment.domain) as visitors, Memory(droplet) as memory:
        begun = time.monotonic()
        phases = deploy()
        seconds = time.monotonic() - begun
    found = Release(seconds, phases, visitors.requests, visitors.failures.total(), memory.extra, memory.free_least)
    say(f"  {seconds:.1f} s, {found.failed} of {found.requests} requests failed {dict(visitors.failures)}")
    return found


def by_slipway(droplet: Droplet) -> dict[str, float]:
    """Deploy, and return the seconds of each phase; those of the rollout are named by their steps."""
    argv = (str(droplet.checkout.root / ".venv/bin/slipway"), "deploy", "-s", "local", "--json")
    said = droplet.checkout.must(*argv)
    document = json.loads(said[said.rindex("\n{\n") :])
    steps = droplet.last_run()
    phases: dict[str, float] = document["seconds"]
    outside = {"checks": phases["local cloud"] + phases["settings and credentials"]}
    outside["build, ship, pulumi"] = phases["pulumi up"] - sum(steps.values())
    return outside | steps | {"verification": phases["verification"]}


def by_compose(droplet: Droplet, number: int) -> dict[str, float]:
    """Deploy plainly."""
    plain.deploy(droplet, number)
    return {}


def measure(checkout: Checkout, rounds: int) -> Figures:
    """Take every figure; the deployment is gone afterwards."""
    droplet = Droplet(checkout)
    try:
        say("make up …")
        checkout.up()
        checkout.must("sh", "-c", f"{ENV} && {LIMIT}")
        checkout.must(".venv/bin/slipway", "deploy", "-s", "local")
        say("releases by slipway deploy:")
        ours = [released(droplet, number, lambda: by_slipway(droplet)) for number in range(rounds)]
        shipped = shipped_bytes(droplet)
        unchanged_s = unchanged(checkout)
        say(f"nothing changed: {unchanged_s:.1f} s")
        say("by ssh and docker compose up -d:")
        theirs = [released(droplet, 100 + n, lambda n=n: by_compose(droplet, n)) for n in range(rounds)]  # type: ignore[misc]
        say(f"on {SMALL}:")
        small = on_a_small_droplet(droplet)
        return Figures(ours, theirs, shipped, unchanged_s, small)
    finally:
        checkout.run("make", "down")


def unchanged(checkout: Checkout) -> float:
    """Return the seconds of a `pulumi up` that has nothing to do, in a shell that has the environment already."""
    up = "pulumi up -s local --yes --skip-preview --non-interactive"
    said = checkout.must("sh", "-c", f"{ENV} && begun=$(date +%s%N) && {up} && echo $(($(date +%s%N) - begun))")
    return int(said.split()[-1]) / 1e9


def shipped_bytes(droplet: Droplet) -> int:
    """Return the size of the layers that the last release fetched, by its log."""
    log = droplet.run("cat /srv/slipway/current/rollout.log")
    line = next(line for line in log.splitlines() if "] images " in line)
    number, unit = line[line.index("fetched (") + 9 :].split(")")[0].split(" ")
    return round(float(number) * {"KB": 1_000, "MB": 1_000_000}[unit])


def on_a_small_droplet(droplet: Droplet) -> Release:
    """Release once more on 1 GB, without operators' tools; a droplet's disk can't shrink, so it is another one."""
    droplet.checkout.must("make", "down")
    droplet.checkout.must(".venv/bin/slipway", "local", "start")
    settings = (
        f"{LIMIT} && pulumi config set slipway:size {SMALL} -s local && "
        "pulumi config set slipway:guardedHosts '[]' -s local"
    )
    droplet.checkout.must("sh", "-c", f"{ENV} && {settings}")
    droplet.checkout.must(".venv/bin/slipway", "deploy", "-s", "local", timeout_s=1200)
    return released(droplet, 1000, lambda: by_slipway(droplet))


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="releases of each kind (default: %(default)s)")
    arguments = parser.parse_args()
    # As with ^C, the deployment must be gone when the run is asked to end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        figures = measure(copy_working_tree(ROOT, Path(folder) / "slipway"), arguments.rounds)
        section = report(figures)
        say(section)
        write("bench-rollout", section)


if __name__ == "__main__":
    main()
