"""How a deployment is shown while it runs: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from slipway.timeline import Phase, Timeline
from verification.artifacts.redact import Redactor

REFRESH_PER_S = 8
# What is read line by line also where progress is a table: a person wants to see which check failed.
SHOWN_WHOLE = ("verification",)
MARKS = {"done": ("✓", "green"), "failed": ("✗", "red"), "running": ("…", "")}
_ROLLOUT_STEP = re.compile(r"\[ *\d+/\d+\].*")


@contextmanager
def shown(timeline: Timeline, console: Console, log: Path) -> Iterator[None]:
    """Show a timeline while the block runs; on a terminal everything that was said is kept in `log`."""
    if not console.is_terminal:
        _show_plainly(timeline, console)
        yield
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    redact = Redactor()
    table = _Table(timeline)
    log.touch(mode=0o600)
    with (
        log.open("w", buffering=1) as file,
        Live(table, console=console, refresh_per_second=REFRESH_PER_S, transient=True) as live,
    ):

        def on_line(phase: Phase | None, line: str) -> None:
            file.write(redact(line) + "\n")
            if phase is None or phase.name in SHOWN_WHOLE:
                live.console.print(line, markup=False, soft_wrap=True)

        timeline.on_line = on_line
        yield


def _show_plainly(timeline: Timeline, console: Console) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False, soft_wrap=True)

    def on_end(phase: Phase) -> None:
        word = "done" if phase.state == "done" else "ended"
        say(f"   {phase.name} {word} in {phase.seconds(timeline.clock()):.1f} s")

    timeline.on_begin = lambda phase: say(f"── {phase.name}")
    timeline.on_end = on_end
    timeline.on_line = lambda phase, line: say(line)


class _Table:
    """The phases so far, drawn anew at each refresh."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.spinner = Spinner("dots")

    def __rich__(self) -> RenderableType:
        now = self.timeline.clock()
        grid = Table.grid(padding=(0, 1, 0, 0), expand=True)
        grid.add_column(width=1, no_wrap=True)
        grid.add_column(width=24, no_wrap=True)
        grid.add_column(width=8, justify="right", no_wrap=True)
        grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for phase in self.timeline.phases:
            running = phase.state == "running"
            last = Text(_short(phase.last_line) if running else "", style="dim")
            grid.add_row(self._mark(phase), phase.name, f"{phase.seconds(now):.1f} s", last)
            for part in phase.parts.values():
                busy = ", ".join(sorted(part.busy))
                seconds = now - part.begun if part.busy and running else part.seconds
                grid.add_row("", f"  {part.name}", f"{seconds:.1f} s", Text(busy, style="dim"), style="dim")
        return grid

    def _mark(self, phase: Phase) -> RenderableType:
        if phase.state == "running":
            return self.spinner.render(time.monotonic())
        sign, style = MARKS[phase.state]
        return Text(sign, style=style)


def _short(line: str) -> str:
    """Cut a line to what changes: pulumi repeats the resource before each step of the rollout."""
    step = _ROLLOUT_STEP.search(line)
    return step[0] if step else line


def summary(timeline: Timeline) -> Table:
    """Return the phases with their times, for the end of a run."""
    now = timeline.clock()
    table = Table("", "phase", "seconds", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for phase in timeline.phases:
        sign, style = MARKS[phase.state]
        table.add_row(Text(sign, style=style), phase.name, f"{phase.seconds(now):.1f}")
        for part in phase.parts.values():
            table.add_row("", f"  {part.name}", f"{part.seconds:.1f}", style="dim")
    table.add_row("", "total", f"{timeline.total_s():.1f}", style="bold")
    return table
