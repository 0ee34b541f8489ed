"""What a person is shown of an examination."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from slipway.doctor.finding import Finding

SIGNS = {"well": ("✓", "green"), "warning": ("!", "yellow"), "fault": ("✗", "bold red"), "skipped": ("-", "dim")}


def print_finding(out: Console, finding: Finding, *, is_first_of_area: bool) -> None:
    """Show one finding as soon as it is there, with the command that mends it below."""
    if is_first_of_area:
        out.print(Text(finding.area, style="bold"))
    sign, style = SIGNS[finding.state]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3)
    grid.add_column(width=11)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"  {sign}", style=style), finding.name, Text(finding.said))
    if finding.mend:
        grid.add_row("", Text("mend:", style="bold"), Text(finding.mend, style="bold"))
    out.print(grid)


def print_verdict(out: Console, findings: list[Finding]) -> None:
    """Say what it came to."""
    count = {state: sum(finding.state == state for finding in findings) for state in SIGNS}
    if count["fault"]:
        noun = "fault" if count["fault"] == 1 else "faults"
        out.print(Text(f"{count['fault']} {noun}: each has its mend above", style="bold red"))
        return
    warned = f", {count['warning']} to keep an eye on" if count["warning"] else ""
    out.print(Text(f"All is well{warned}.", style="bold green"))
