"""The section of docs/performance.md that a run writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

from benchmarks.api.asking import CONNECTIONS
from benchmarks.api.containers import LOAD_CORE, SERVER_CORE
from benchmarks.api.load import Peak, Steady
from benchmarks.api.rounds import DIRECT, EDGE, Figures, Pace
from benchmarks.api.servers import API, API_GRANIAN, BARE, ORM, POOL
from benchmarks.page import machine, table

CEILING_PART, ORM_TIMES, TAIL_TIMES = 0.5, 2.0, 3.0
SMALL_SHARE = 0.01
SHOWN = (API, API_GRANIAN, BARE, ORM)


def report(figures: Figures, pace: Pace, loads: tuple[float, float]) -> str:
    """Return the whole section."""
    requests = list(dict.fromkeys(name for _, name, _ in figures.peaks))
    parts = [
        opening(pace, loads),
        "Answers a second at peak, median of the rounds ± half of their spread:\n\n" + peaks(figures, DIRECT, requests),
        f"The same {EDGE}, rate limits of the edge and of the API raised:\n\n" + peaks(figures, EDGE, requests),
        "Processor time of the server for one answer, in µs, the least of the rounds:\n\n" + costs(figures, requests),
        "At about half of its own peak, in ms:\n\n" + tails(figures, requests),
        "Where the API's serving thread was at peak, by py-spy:\n\n" + shares(figures),
        "Goals:\n\n" + goals(figures, requests),
    ]
    return "\n".join(parts)


def opening(pace: Pace, loads: tuple[float, float]) -> str:
    """Say where, when and how."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; load average {loads[0]:.1f} before the run and {loads[1]:.1f} "
        f"after it. Server on core {SERVER_CORE}; Postgres, Redis and load on core {LOAD_CORE}; {CONNECTIONS} "
        f"connections, {POOL} to the database; {pace.rounds} rounds of {pace.seconds} s, "
        f"{pace.edge_seconds} s behind Traefik and for pgbench.\n"
    )


def spread(values: Sequence[float]) -> str:
    """Return the median and half of the range around it."""
    middle = median(values)
    return f"{middle:,.0f} ± {(max(values) - min(values)) / 2 / middle:.0%}"


def peaks(figures: Figures, place: str, requests: Sequence[str]) -> str:
    """Return a row for each request: the rates of all, and what the API's is of theirs."""
    shown = [one for one in SHOWN if (place, requests[0], one.name) in figures.peaks]
    head = ["request", *(one.what for one in shown), *(["pgbench"] if place == DIRECT else [])]
    rows = []
    for name in requests:
        rates = [spread(rates_of(figures.peaks[place, name, one.name])) for one in shown]
        database = [spread(figures.database[name])] if place == DIRECT else []
        rows.append([f"`{name}`", *rates, *database, *ratios(figures, place, name)])
    return table([*head, "API / bare", "API / SQLAlchemy"], rows)


def rates_of(measured: Sequence[Peak]) -> list[float]:
    """Return the rates of several rounds."""
    return [peak.requests_per_s for peak in measured]


def ratios(figures: Figures, place: str, name: str) -> list[str]:
    """Return the API's rate as a part of the ceiling's and as a multiple of the usual way's."""
    own = figures.rate(place, name, API.name)
    return [
        f"{own / figures.rate(place, name, BARE.name):.0%}",
        f"{own / figures.rate(place, name, ORM.name):.1f} x",
    ]


def costs(figures: Figures, requests: Sequence[str]) -> str:
    """Return a row for each request and place: what an answer cost, and how busy the other core was."""
    rows = []
    for place in (DIRECT, EDGE):
        for name in requests:
            taken = [figures.peaks.get((place, name, one.name), []) for one in SHOWN]
            cells = [f"{min(peak.server_us for peak in peaks):.0f}" if peaks else "" for peaks in taken]
            busy = max(peak.busy[int(LOAD_CORE)] for peaks in taken for peak in peaks)
            rows.append([f"`{name}` {place}", *cells, f"{busy:.0%}"])
    return table(["request", *(one.what for one in SHOWN), "load's core busy, at most"], rows)


def tails(figures: Figures, requests: Sequence[str]) -> str:
    """Return a row for each request and place: how long answers took."""
    rows = []
    for (place, name, contestant), found in figures.steady.items():
        what = next(one.what for one in SHOWN if one.name == contestant)
        times = [f"{found.p50_ms:.2f}", f"{found.p99_ms:.2f}", f"{found.max_ms:.1f}", f"{tail(found):.1f} x"]
        rows.append([f"`{name}` {place}", what, f"{found.requests_per_s:,.0f}", *times])
    return table(["request", "who", "rate", "median", "p99", "longest", "p99 / median"], rows)


def tail(found: Steady) -> float:
    """Return how many times the median the 99th percentile is."""
    return found.p99_ms / found.p50_ms


def shares(figures: Figures) -> str:
    """Return a row for each part of the work and a column for each request."""
    names = list(figures.samples)
    totals = {name: max(sum(counts.values()), 1) for name, counts in figures.samples.items()}
    parts = {part for counts in figures.samples.values() for part in counts}
    share = {part: [figures.samples[name][part] / totals[name] for name in names] for part in parts}
    ordered = sorted(parts, key=lambda part: -sum(share[part]))
    rows = [[part, *(f"{value:.0%}" for value in share[part])] for part in ordered if max(share[part]) >= SMALL_SHARE]
    return table(["part", *(f"`{name}`" for name in names)], rows)


def goals(figures: Figures, requests: Sequence[str]) -> str:
    """Say of each goal and place whether it is met, by the worst request."""
    lines = []
    for place in (DIRECT, EDGE):
        own = {name: figures.rate(place, name, API.name) for name in requests}
        part = min((own[name] / figures.rate(place, name, BARE.name), name) for name in requests)
        times = min((own[name] / figures.rate(place, name, ORM.name), name) for name in requests)
        late = max((tail(figures.steady[place, name, API.name]), name) for name in requests)
        lines += [
            goal(
                part[0] >= CEILING_PART, f"{place}, at least half of the bare application's rate: {part[0]:.0%}", part
            ),
            goal(times[0] >= ORM_TIMES, f"{place}, at least twice that of FastAPI + SQLAlchemy: {times[0]:.1f}", times),
            goal(late[0] <= TAIL_TIMES, f"{place}, p99 at half of the peak at most three medians: {late[0]:.1f}", late),
        ]
    return "".join(lines)


def goal(is_met: bool, line: str, worst: tuple[float, str]) -> str:
    """Return a line of the list of goals."""
    return f"- {'met' if is_met else '**missed**'}: {line} (`{worst[1]}`)\n"
