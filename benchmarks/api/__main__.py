"""`python -m benchmarks.api`: measure the API against its competitors and write what came out into the docs.

Everything runs in containers of its own, which are gone afterwards. `--quick` is for those who work on this: it
measures everything once and for a moment, and prints without writing.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.api.answers import check_answers
from benchmarks.api.containers import network
from benchmarks.api.data import data_services, sign_in
from benchmarks.api.edge import edge_before
from benchmarks.api.report import report
from benchmarks.api.rounds import Pace, Run, behind, direct
from benchmarks.api.servers import API, BARE, CONTESTANTS, ORM, build_images, serving
from benchmarks.page import write

QUICK = Pace(rounds=1, seconds=1, edge_seconds=1, database_s=1, steady_s=2)
BEGAN = time.monotonic()


def say(line: str) -> None:
    """Tell how far the run is."""
    print(f"{time.monotonic() - BEGAN:5.0f} s  {line}", flush=True)


def measure(room: Path, pace: Pace) -> Run:
    """Run everything, from the seed to the last sample."""
    with ExitStack() as stack:
        stack.enter_context(network())
        build_images()
        say("images built")
        data = stack.enter_context(data_services(room))
        who = sign_in(data)
        say("a million items seeded")
        servers = {each.name: stack.enter_context(serving(each, data, who, room)) for each in CONTESTANTS}
        edges = {each.name: stack.enter_context(edge_before(each, room)) for each in (API, BARE, ORM)}
        at_once, published = direct(servers), behind(edges, servers)
        run = Run(data, who, room, pace, say)
        check_answers(run, at_once)
        say("all contestants give the same answers")
        run.measure_peaks(at_once, pace.seconds)
        run.measure_database()
        run.measure_steady(at_once, [API.name, BARE.name])
        run.measure_peaks(published, pace.edge_seconds)
        run.measure_steady(published, [API.name])
        run.take_samples(at_once, API.name)
        return run


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="measure for a moment each, and write nothing")
    arguments = parser.parse_args()
    # As with ^C, containers must be gone when the run is asked to end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    pace = QUICK if arguments.quick else Pace()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as room:
        Path(room).chmod(0o755)
        run = measure(Path(room), pace)
    section = report(run.figures, pace, (before, os.getloadavg()[0]))
    print(section)
    if not arguments.quick:
        write("bench-api", section)
    say("done")


if __name__ == "__main__":
    main()
