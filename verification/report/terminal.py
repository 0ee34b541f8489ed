"""The report on a terminal: what passed in one line per group, what didn't with all that helps to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from verification.report.record import FAILED, PASSED, UNKNOWN, Check, Run, title_of_all

MARKS = {PASSED: ("✔", "green"), FAILED: ("✘", "red"), UNKNOWN: ("?", "yellow")}
LONGEST = 600


def print_run(out: Console, run: Run, folder: Path | None) -> None:
    """Print a whole run."""
    out.print()
    if run.checks:
        out.print(_groups(run))
    for checks in run.causes:
        out.print()
        if checks[0].is_stopped and len(checks) > 1:
            _print_stopped(out, checks)
        else:
            _print_one(out, checks[0], title_of_all(checks))
    _print_missing(out, run)
    out.print()
    out.print(_verdict(run))
    if folder is not None:
        # On a line of its own without wrapping: people and programs take it from here.
        out.print(f"artifacts: {folder}", markup=False, soft_wrap=True)


def _groups(run: Run) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    table.add_column("", width=1)
    table.add_column("checks", no_wrap=True)
    table.add_column("passed", justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("seen", ratio=1)
    for name, checks in run.groups.items():
        passed = sum(check.outcome == PASSED for check in checks)
        seconds = sum(check.seconds for check in checks)
        notes = dict.fromkeys(note for check in checks for note in check.notes)
        count = f"{passed}" if passed == len(checks) else f"{passed} of {len(checks)}"
        table.add_row(_mark(_worst(checks)), name, count, f"{seconds:.1f} s", Text(", ".join(notes), style="dim"))
    return table


def _print_one(out: Console, check: Check, title: str) -> None:
    out.print(_mark(check.outcome), Text(title, style="bold"))
    table = _indented_table()
    for finding in check.telling:
        table.add_row("expected", Text(_short(f"{finding.what}: {finding.expected}")))
        table.add_row("seen", Text(_short(finding.seen), style=MARKS[check.outcome][1]))
    if check.message:
        table.add_row("seen", Text(_short(check.message), style=MARKS[check.outcome][1]))
    table.add_row("why", Text(check.why, style="dim"))
    if check.to_do:
        table.add_row("to do", Text(check.to_do))
    table.add_row("again", Text(f"-k {_selector(check)}", style="dim"))
    out.print(Padding(table, (0, 0, 0, 2)))


def _print_stopped(out: Console, checks: list[Check]) -> None:
    """What one cause keeps from many checks is said once."""
    outcome = _worst(checks)
    out.print(_mark(outcome), Text(f"{len(checks)} checks {outcome}", style="bold"))
    table = _indented_table()
    table.add_row("seen", Text(_short(checks[0].message), style=MARKS[outcome][1]))
    names = dict.fromkeys(check.title.partition(":")[0] for check in checks)
    table.add_row("checks", Text("; ".join(names), style="dim"))
    out.print(Padding(table, (0, 0, 0, 2)))


def _print_missing(out: Console, run: Run) -> None:
    if not run.missing:
        return
    out.print()
    by_reason: dict[str, list[str]] = {}
    for name, reason in run.missing.items():
        by_reason.setdefault(reason, []).append(name)
    out.print(Text(f"! warning: missing artifacts: {len(run.missing)}", style="yellow"))
    table = _indented_table()
    for reason, names in by_reason.items():
        table.add_row("why", Text(_short(reason), style="yellow"))
        table.add_row("", Text(", ".join(sorted(names)), style="dim"))
    out.print(Padding(table, (0, 0, 0, 2)))


def _verdict(run: Run) -> Text:
    total, wrong = len(run.checks), run.not_passed
    if run.fault:
        return Text(f"✘ nothing could be checked: {run.fault}", style="red bold")
    if run.is_ok:
        return Text(f"✔ all {total} checks passed in {run.seconds:.1f} s", style="green bold")
    failed = sum(check.outcome == FAILED for check in wrong)
    parts = [f"{count} {word}" for count, word in ((failed, "failed"), (len(wrong) - failed, UNKNOWN)) if count]
    return Text(f"✘ {' and '.join(parts) or 'no check'} of {total} in {run.seconds:.1f} s", style="red bold")


def _selector(check: Check) -> str:
    return check.name.partition("::")[2].partition("[")[0]


def _worst(checks: Iterable[Check]) -> str:
    outcomes = {check.outcome for check in checks}
    return next((each for each in (FAILED, UNKNOWN) if each in outcomes), PASSED)


def _mark(outcome: str) -> Text:
    sign, style = MARKS[outcome]
    return Text(sign, style=style)


def _indented_table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"
