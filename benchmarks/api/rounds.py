"""The order of a run: contestants take turns, so that what else the machine does falls on all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.api import load, pgbench, profile
from benchmarks.api.asking import Case, cases
from benchmarks.api.containers import Container
from benchmarks.api.data import Data, Seeded
from benchmarks.api.edge import PREFIX
from benchmarks.api.load import Peak, Steady
from benchmarks.api.servers import PORT

WARM_S = 1
DIRECT, EDGE = "uvicorn directly", "through Traefik with TLS"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Pace:
    """How often and how long is measured."""

    rounds: int = 3
    seconds: int = 3
    edge_seconds: int = 2
    database_s: int = 2
    steady_s: int = 4


@dataclass
class Figures:
    """Everything that was measured: by place, request and contestant."""

    peaks: dict[tuple[str, str, str], list[Peak]] = field(default_factory=lambda: defaultdict(list))
    steady: dict[tuple[str, str, str], Steady] = field(default_factory=dict)
    database: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    samples: dict[str, Counter[str]] = field(default_factory=dict)

    def rate(self, place: str, case: str, contestant: str) -> float:
        """Return the median of the rates at peak."""
        return median(peak.requests_per_s for peak in self.peaks[place, case, contestant])


@dataclass(frozen=True)
class Place:
    """Where requests go in: the containers that serve each contestant, the one that is asked first."""

    name: str
    servers: dict[str, list[Container]]
    form: str
    prefix: str = ""

    def base(self, contestant: str) -> str:
        """Return what comes before a path."""
        return self.form.format(address=self.servers[contestant][0].address)


def direct(servers: dict[str, Container]) -> Place:
    """Return the place without an edge."""
    return Place(DIRECT, {name: [server] for name, server in servers.items()}, f"http://{{address}}:{PORT}")


def behind(edges: dict[str, Container], servers: dict[str, Container]) -> Place:
    """Return the place behind Traefik."""
    return Place(EDGE, {name: [edge, servers[name]] for name, edge in edges.items()}, "https://{address}", PREFIX)


@dataclass(frozen=True)
class Run:
    """What a run works with."""

    data: Data
    who: Seeded
    room: Path
    pace: Pace
    say: Say
    figures: Figures = field(default_factory=Figures)

    def case(self, name: str, place: Place) -> Case:
        """Return a request with a fresh token, as it is asked for at a place."""
        return next(case for case in cases(self.data, self.who) if case.name == name).under(place.prefix)

    def names(self) -> list[str]:
        """Return the names of the requests."""
        return [case.name for case in cases(self.data, self.who)]

    def measure_peaks(self, place: Place, seconds: int) -> None:
        """Let every contestant serve every request as fast as it can, in turns; the first turn of each is to warm."""
        for name in self.names():
            for contestant in place.servers:
                self.serve(place, name, contestant, WARM_S)
            for _ in range(self.pace.rounds):
                for contestant in place.servers:
                    peak = self.serve(place, name, contestant, seconds)
                    self.figures.peaks[place.name, name, contestant].append(peak)
            self.say(f"{place.name}: {name}: {self.summary(place, name)}")
            self.data.forget_new_items()

    def serve(self, place: Place, name: str, contestant: str, seconds: int) -> Peak:
        """Let one contestant serve one request for some time."""
        case, servers = self.case(name, place), place.servers[contestant]
        return load.peak(case, place.base(contestant), servers, self.room, seconds)

    def summary(self, place: Place, name: str) -> str:
        """Return the medians of one request in a line."""
        rates = [f"{each} {self.figures.rate(place.name, name, each):.0f}/s" for each in place.servers]
        return ", ".join(rates)

    def measure_steady(self, place: Place, contestants: Sequence[str]) -> None:
        """Let contestants serve half of what they can."""
        for name in self.names():
            for contestant in contestants:
                rate = max(1, round(self.figures.rate(place.name, name, contestant) / 2))
                case, base = self.case(name, place), place.base(contestant)
                load.steady(case, base, self.room, rate, WARM_S)
                found = load.steady(case, base, self.room, rate, self.pace.steady_s)
                self.figures.steady[place.name, name, contestant] = found
                self.say(f"{place.name}: {name}: {contestant} at {rate}/s: {found.p50_ms:.2f} / {found.p99_ms:.2f} ms")
            self.data.forget_new_items()

    def measure_database(self) -> None:
        """Let pgbench run each statement."""
        for name, work in pgbench.work_of(self.who).items():
            for _ in range(self.pace.rounds):
                self.figures.database[name].append(pgbench.run(work, self.data, self.room, self.pace.database_s))
            self.say(f"pgbench: {name}: {median(self.figures.database[name]):.0f}/s")
            self.data.forget_new_items()

    def take_samples(self, place: Place, contestant: str) -> None:
        """Sample a contestant at its peak."""
        for name in self.names():
            counted = profile.sample(place.servers[contestant][-1], self.room, self.pace.steady_s)
            self.serve(place, name, contestant, self.pace.steady_s + WARM_S)
            self.figures.samples[name] = counted()
            self.data.forget_new_items()
