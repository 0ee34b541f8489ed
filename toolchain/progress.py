"""Show the run: a live table on a terminal, plain lines elsewhere, and the seconds of each step at the end."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from toolchain.errors import Stopped
from toolchain.graph import Outcome, Step

LINE_LENGTH = 70


@dataclass
class _Row:
    purpose: str
    began: float
    line: str = ""
    outcome: Outcome | None = None
    is_failed: bool = False


@dataclass
class LiveReporter:
    """One row for each step that was started, with its time and the last line that its tools printed."""

    console: Console
    _rows: dict[str, _Row] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _spinner: Spinner = field(default_factory=lambda: Spinner("dots"))

    def live(self) -> Live:
        """Return the display to enter while the run lasts."""
        return Live(get_renderable=self._render, console=self.console, refresh_per_second=8, transient=True)

    def started(self, step: Step) -> None:
        """Add a row."""
        with self._lock:
            self._rows[step.name] = _Row(step.purpose, time.monotonic())

    def told(self, step: Step, line: str) -> None:
        """Show a tool's last line."""
        with self._lock:
            if step.name in self._rows:
                self._rows[step.name].line = line.strip()[:LINE_LENGTH]

    def finished(self, step: Step, outcome: Outcome) -> None:
        """Show how the step ended."""
        with self._lock:
            self._rows[step.name].outcome = outcome

    def failed(self, step: Step, error: BaseException, seconds: float) -> None:
        """Mark the row; the error itself is printed once, at the end."""
        with self._lock:
            row = self._rows[step.name]
            row.is_failed = True
            row.line = "stopped" if isinstance(error, Stopped) else "failed"

    def _render(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        with self._lock:
            for row in self._rows.values():
                seconds = row.outcome.seconds if row.outcome else time.monotonic() - row.began
                detail = row.outcome.detail if row.outcome else row.line
                table.add_row(self._mark(row), row.purpose, f"{seconds:6.1f} s", Text(detail, style="dim"))
        return Group(table)

    def _mark(self, row: _Row) -> RenderableType:
        if row.is_failed:
            return Text("✗", style="red")
        return self._spinner if row.outcome is None else Text("✓", style="green")


@dataclass
class PlainReporter:
    """One line when a step begins to work and one when it ends."""

    console: Console
    _began: float = field(default_factory=time.monotonic)

    def started(self, step: Step) -> None:
        """Print that the step begins."""
        self._print(step, step.purpose)

    def told(self, step: Step, line: str) -> None:
        """Leave tools' lines to the log."""

    def finished(self, step: Step, outcome: Outcome) -> None:
        """Print how the step ended."""
        self._print(step, f"✓ {outcome.detail} ({outcome.seconds:.1f} s)")

    def failed(self, step: Step, error: BaseException, seconds: float) -> None:
        """Print that the step ended badly; the error itself is printed once, at the end."""
        self._print(step, f"✗ {'stopped' if isinstance(error, Stopped) else 'failed'} after {seconds:.1f} s")

    def _print(self, step: Step, text: str) -> None:
        elapsed = time.monotonic() - self._began
        self.console.print(f"[{elapsed:7.1f} s] {step.name}: {text}", markup=False, highlight=False, soft_wrap=True)


def closing_table(outcomes: list[Outcome], total_s: float) -> Table:
    """Return the seconds of each step, the longest first."""
    table = Table("step", "", "what", title="The machine is ready", title_justify="left")
    table.columns[1].justify = "right"
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.seconds):
        style = "" if outcome.changed else "dim"
        table.add_row(outcome.step, f"{outcome.seconds:.1f} s", outcome.detail, style=style)
    table.add_section()
    table.add_row("together", f"{total_s:.1f} s", "steps that need nothing of each other ran side by side")
    return table
