from collections import Counter
from pathlib import Path

import pytest

from benchmarks.api.load import Peak, Steady
from benchmarks.api.report import report
from benchmarks.api.rounds import DIRECT, EDGE, Figures, Pace
from benchmarks.page import write

RATES = {"api": 1500.0, "api-granian": 1600.0, "bare": 2500.0, "orm": 600.0}


def figures(api: float = 1500.0, p99_ms: float = 2.0) -> Figures:
    found = Figures()
    for place in (DIRECT, EDGE):
        for name, rate in {**RATES, "api": api}.items():
            if place == DIRECT or name != "api-granian":
                for factor in (0.9, 1.0, 1.1):
                    found.peaks[place, "GET /items", name].append(
                        Peak(rate * factor, 10, 20, 1e6 / rate / factor, (1.0, 0.5))
                    )
        found.steady[place, "GET /items", "api"] = Steady(750, 1.0, p99_ms, 9)
    found.database["GET /items"] = [9000.0, 10_000.0]
    found.samples["GET /items"] = Counter({"HTTP server": 60, "limits": 40})
    return found


def test_rows_have_medians_spread_and_what_they_are_of_others() -> None:
    said = report(figures(), Pace(), (0.1, 0.2))
    assert "| `GET /items` | 1,500 ± 10% | 1,600 ± 10% | 2,500 ± 10% | 600 ± 10% | 9,500 ± 5% | 60% | 2.5 x |" in said
    assert "| `GET /items` | 1,500 ± 10% | 2,500 ± 10% | 600 ± 10% | 60% | 2.5 x |" in said  # behind the edge
    assert "| HTTP server | 60% |" in said
    assert said.count("- met:") == 6


@pytest.mark.parametrize(("found", "goal"), [(figures(api=1200), "half of"), (figures(p99_ms=3.1), "p99 at half")])
def test_a_goal_that_is_missed_says_so(found: Figures, goal: str) -> None:
    missed = [line for line in report(found, Pace(), (0.1, 0.2)).splitlines() if line.startswith("- **missed**")]
    assert any(goal in line for line in missed)


def test_a_section_is_written_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- x begins -->\nold\n<!-- x ends -->\nafter\n")
    write("x", "new\n", page)
    assert page.read_text() == "before\n<!-- x begins -->\nnew\n<!-- x ends -->\nafter\n"
    with pytest.raises(ValueError, match="y begins"):
        write("y", "new\n", page)
