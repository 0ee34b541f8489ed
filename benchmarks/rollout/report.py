"""The section of the page: what releases took, by phase, beside a plain deploy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from benchmarks.page import machine, table

TIMES, SHIPPED, UNCHANGED_S = 2.0, 200_000, 5.0


@dataclass(frozen=True)
class Release:
    """One deploy of one changed line, and what visitors saw of it."""

    seconds: float
    phases: dict[str, float]
    requests: int
    failed: int
    extra_memory_mb: int
    least_free_mb: int


@dataclass(frozen=True)
class Figures:
    """Everything that was measured."""

    ours: Sequence[Release]
    plain: Sequence[Release]
    shipped: int
    unchanged_s: float
    small: Release


def report(figures: Figures) -> str:
    """Return the section."""
    return "\n".join(
        [
            f"{datetime.now(UTC):%Y-%m-%d}, {machine()}. Medians of {len(figures.ours)} releases of each kind.\n",
            compared(figures),
            "Where the time of `slipway deploy` goes, in seconds:\n",
            phases(figures.ours),
            "Goals:\n",
            goals(figures),
        ]
    )


def compared(figures: Figures) -> str:
    """Return both ways side by side."""
    rows = []
    for name, releases in (("`slipway deploy`, verified", figures.ours), ("`ssh`, `compose up -d`", figures.plain)):
        failed, requests = sum(r.failed for r in releases), sum(r.requests for r in releases)
        memory = max(r.extra_memory_mb for r in releases)
        rows.append([name, f"{total(releases):.1f}", f"{failed} of {requests}", f"{memory}"])
    return table(["one changed line of the API", "seconds", "failed requests", "extra memory, MB at most"], rows)


def total(releases: Sequence[Release]) -> float:
    """Return the median of the seconds."""
    return median(release.seconds for release in releases)


def phases(releases: Sequence[Release]) -> str:
    """Return the medians of the phases."""
    names = list(releases[-1].phases)
    rows = [[name, f"{median(release.phases[name] for release in releases):.1f}"] for name in names]
    return table(["phase", "seconds"], rows)


def goals(figures: Figures) -> str:
    """Say of each goal whether it is met."""
    times = total(figures.ours) / total(figures.plain)
    failed, small = sum(r.failed for r in figures.ours), figures.small
    lines = [
        (failed == 0, f"no request fails: {failed} did"),
        (times <= TIMES, f"at most twice the plain deploy's time, verification included: {times:.1f} times"),
        (figures.shipped <= SHIPPED, f"at most 200 KB shipped for a changed line: {figures.shipped / 1e3:.0f} KB"),
        (figures.unchanged_s <= UNCHANGED_S, f"`pulumi up` without a change in 5 s: {figures.unchanged_s:.1f} s"),
        (
            small.failed == 0 and small.least_free_mb > 0,
            f"a release on a droplet of 1 GB: {small.seconds:.1f} s, {small.failed} of {small.requests} requests "
            f"failed, {small.extra_memory_mb} MB more at its peak, {small.least_free_mb} MB left then",
        ),
    ]
    return "".join(f"- {'met' if is_met else '**missed**'}: {line}\n" for is_met, line in lines)
