"""The page with the figures: what a command measured, it writes between marks of its own."""

from __future__ import annotations

import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"


def machine() -> str:
    """Name the machine: processor, cores, memory, kernel."""
    info = Path("/proc/cpuinfo").read_text()
    model = next((line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}"


def write(name: str, section: str, page: Path = PAGE) -> None:
    """Put the section between its marks in the page; raise `ValueError` if the page has none."""
    begin, end = f"<!-- {name} begins -->\n", f"<!-- {name} ends -->\n"
    head, begun, rest = page.read_text().partition(begin)
    _, ended, tail = rest.partition(end)
    if not (begun and ended):
        raise ValueError(f"{page} has no lines {begin.strip()} and {end.strip()}: put them where the table belongs")
    page.write_text(head + begin + section + end + tail)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
