"""What a person is shown of a deployment."""

from __future__ import annotations

import os
from pathlib import Path

from rich.console import Console
from rich.table import Table

from slipway.deploy import Deployment
from slipway.status import Status, curl_options


def print_status(out: Console, status: Status) -> None:
    """Show the services and where to look."""
    table = Table("service", "state", "health", box=None, pad_edge=False)
    for service in status.services:
        table.add_row(service.name, service.state, service.health)
    out.print(table)
    facts = status.facts
    lines = [f"site       {facts.site}", *doors(status, is_read_by_a_person=out.is_terminal)]
    lines += [f"address    {facts.address}", f"release    {status.release}", f"previous   {status.previous or 'none'}"]
    lines.append(f"artifacts  {status.artifacts or 'none'}")
    out.print("\n".join(lines), markup=False, soft_wrap=True)


def print_deployed(out: Console, status: Status, run: Deployment) -> None:
    """Show what a deployment came to and what to try next."""
    facts = status.facts
    total = sum(run.seconds.values())
    artifacts = None if run.verification is None else run.verification.artifacts
    done = "Deployed" if run.verification is None else "Deployed and verified"
    lines = [
        "",
        f"{done} in {total:.0f} s: release {status.release}",
        f"  site       {facts.site}",
        *(f"  {line}" for line in doors(status, is_read_by_a_person=out.is_terminal)),
        f"  address    {facts.address}",
        f"  artifacts  {artifacts or 'none'}",
        "Try:",
        f"  curl {curl_options(facts)} {facts.site}/api/health",
        f"  {_relative_command('slipway')} status -s {facts.stack}",
    ]
    out.print("\n".join(lines), markup=False, soft_wrap=True)


def doors(status: Status, *, is_read_by_a_person: bool) -> list[str]:
    """Say where the guarded hosts are and how to sign in; the password goes to a terminal only, never to a log."""
    facts, found = status.facts, status.sign_in
    lines = [f"{label:10} {facts.url_of(label)}" for label in sorted(facts.guarded_hosts)]
    if found is None:
        return lines
    password = found.password if is_read_by_a_person else f"in {_short(found.password_file)}"
    lines.append(f"{'sign in':10} {found.user}, password {password}")
    if "admin" in facts.guarded_hosts:
        lines.append(f"{'':10} then, in Django's own form, {found.staff_email} with the same password")
    return lines


def _short(path: Path) -> str:
    """Name a file from here, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _relative_command(name: str) -> str:
    return f".venv/bin/{name}" if not os.environ.get("VIRTUAL_ENV") and Path(".venv/bin", name).exists() else name
