"""Commands around a stack's surroundings: doctor, env."""

from __future__ import annotations

import sys

import typer

from slipway.cli.shared import SETTING_UP, AsJson, Stack, examples, out, print_json
from slipway.doctor.examine import examine
from slipway.doctor.finding import Finding, is_well
from slipway.doctor.printing import print_finding, print_verdict
from slipway.environment import LOCAL, as_shell, stack_environment
from slipway.errors import FAILED
from slipway.project import Project

commands = typer.Typer()


@commands.command(
    rich_help_panel=SETTING_UP,
    epilog=examples(
        ("slipway doctor", "this machine and stack local"),
        ("slipway doctor -s staging", "the account and the stack too"),
        ("slipway doctor -s staging --json", "for programs"),
    ),
)
def doctor(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Find what is wrong with this machine, the account or the stack, and the command that mends it.

    Nothing is changed. Ends with 0 when all is well and with 1 when something needs to be mended.
    """
    findings: list[Finding] = []
    for finding in examine(Project.find(), stack):
        if not as_json:
            print_finding(out, finding, is_first_of_area=not findings or findings[-1].area != finding.area)
        findings.append(finding)
    if as_json:
        print_json({"ok": is_well(findings), "findings": [finding.as_json() for finding in findings]})
    else:
        print_verdict(out, findings)
    if not is_well(findings):
        raise typer.Exit(FAILED)


@commands.command(
    rich_help_panel=SETTING_UP,
    epilog=examples(
        ('eval "$(slipway env -s local)"', "then plain pulumi works here"),
        ("slipway env -s local --json", "for programs"),
    ),
)
def env(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Print what a plain pulumi needs, for `eval "$(slipway env -s STACK)"`; local credentials are among it."""
    found = stack_environment(Project.find(), stack)
    if as_json:
        print_json(dict(found))
    else:
        sys.stdout.write(as_shell(found))
