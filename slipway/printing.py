"""What a person is shown of a deployment."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from slipway.certificate import Certificate
from slipway.deploy import Deployment
from slipway.droplet import Disk, Look
from slipway.progress import summary
from slipway.releases import Release
from slipway.status import HEALTHY, Service, Status, curl_options
from slipway.wording import ago, ahead, gigabytes, tell_disk, tell_dump

INDENT = 11
FULL_PERCENT = 85
TIGHT_MEMORY_MB = 300
EXPIRES_SOON_DAYS = 14
# The first that a verification left: a page for people, else the document for programs.
REPORTS = ("meta/report.html", "meta/post-deploy-report.json")
STATES = {"serving": "green", "previous": "", "kept": "dim"}


def print_status(out: Console, status: Status) -> None:
    """Show in one look whether all is well, what runs, and where to look."""
    facts, now = status.facts, datetime.now(UTC)
    concerns = concerns_of(status, now)
    verdict = f"✓ {facts.stack} is well" if not concerns else f"✗ {facts.stack}: {len(concerns)} to look at"
    out.print(Text(verdict, style="bold red" if concerns else "bold green"))
    for concern in concerns:
        out.print(Padding(Text(concern, style="red"), (0, 0, 0, 2)))
    lines = [f"site       {facts.site}", *doors(status, is_read_by_a_person=out.is_terminal)]
    lines += [f"address    {facts.address}", *_releases(status, now)]
    out.print("\n".join(lines), markup=False, soft_wrap=True)
    for label, text in _condition(status, now):
        _row(out, label, text)
    lines = [f"artifacts  {_short(Path(status.artifacts)) if status.artifacts else 'none'}"]
    out.print("\n".join(lines), markup=False, soft_wrap=True)


def concerns_of(status: Status, now: datetime) -> list[str]:
    """Say what of a status needs somebody; empty when all is well."""
    found = [] if status.release or status.is_from_outside else ["no release serves"]
    found += [f"{service.name} is {service.state}, {service.health}" for service in status.ailing]
    found += [f"{name} is not as the release wants it" for name in status.down if name not in _names(status.ailing)]
    if status.unfinished:
        mend = f"slipway deploy -s {status.facts.stack}"
        found.append(f"a rollout ({status.unfinished}) was cut short; the next one settles it: {mend}")
    found += _certificate_concerns(status, now)
    if status.look is not None:
        found += [f"the disk of {d.path} is {d.used_percent} % full" for d in _full(status.look)]
    if status.memory_free_mb is not None and status.memory_free_mb < TIGHT_MEMORY_MB:
        found.append(f"only {status.memory_free_mb} MB of memory are free: a release needs {TIGHT_MEMORY_MB}")
    return found + [f"unknown: {why}" for why in status.unknown]


def _certificate_concerns(status: Status, now: datetime) -> list[str]:
    found = status.certificate
    if found is None:
        return []
    if not found.covers(status.facts.domain):
        return [f"the certificate is not for {status.facts.domain}"]
    days = found.days_left(now)
    return (
        [f"the certificate expires in {days} days"] if days < EXPIRES_SOON_DAYS and not _is_short_lived(found) else []
    )


def _is_short_lived(found: Certificate) -> bool:
    """Certificates of an ACME server for tests may live for days; Traefik renews them in time all the same."""
    return "pebble" in found.issuer.lower()


def _full(look: Look) -> list[Disk]:
    return [disk for disk in look.disks if disk.used_percent >= FULL_PERCENT]


def _names(services: tuple[Service, ...]) -> set[str]:
    return {service.name for service in services}


def _releases(status: Status, now: datetime) -> list[str]:
    if status.is_from_outside:
        return [f"release    {status.release or 'unknown'}, as visitors are told"]
    lines = [f"release    {status.release or 'none'}", f"previous   {status.previous or 'none'}"]
    if status.differs is not None:
        same = f"differs: a deploy would release {status.checkout}" if status.differs else "is what serves"
        lines.append(f"checkout   {same}")
    return lines


def _condition(status: Status, now: datetime) -> list[tuple[str, str]]:
    well = [service.name for service in status.services if service.health == HEALTHY]
    rows = []
    if not status.is_from_outside:
        rows.append(("services", f"{len(well)} of {len(status.services)} healthy: {', '.join(sorted(well))}"))
    found = status.certificate
    if found is not None:
        rows.append(
            (
                "cert",
                f"{', '.join(found.names)}; {ahead(found.days_left(now))}, {found.not_after:%d %b}; {found.issuer}",
            )
        )
    if status.look is not None:
        rows += [("disk" if i == 0 else "", tell_disk(disk)) for i, disk in enumerate(status.look.disks)]
        rows.append(("memory", f"{gigabytes(status.memory_free_mb)} of {gigabytes(status.look.memory_total_mb)} free"))
        rows.append(("dump", tell_dump(status.look.dump, now)))
    if status.locked_by:
        rows.append(("lock", f"held by {status.locked_by['who']}, since {status.locked_by['since']}"))
    if status.drift is not None:
        rows.append(("drift", "\n".join(map(str, status.drift)) or "none: pulumi up would change nothing"))
    return rows


def _row(out: Console, label: str, text: str) -> None:
    """Print a labelled text whose further lines stand under its first."""
    grid = Table.grid(padding=0)
    grid.add_column(width=INDENT)
    grid.add_column(overflow="fold")
    grid.add_row(label, Text(text))
    out.print(grid)


def print_releases(out: Console, found: list[Release]) -> None:
    """Show the releases, newest first."""
    if not found:
        out.print("no release yet")
        return
    table = Table("release", "when", "state", "what", box=None, pad_edge=False)
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    now = datetime.now(UTC)
    for release in found:
        when = ago(now - release.at) if release.at else release.created
        by = f"\nby {release.who}" if release.who else ""
        state = Text(release.state, style=STATES.get(release.state, ""))
        table.add_row(release.id, when, state, Text(f"{release.what or '?'}{by}"))
    out.print(table)


def print_deployed(out: Console, status: Status, run: Deployment) -> None:
    """Show what a deployment came to and what to try next."""
    facts = status.facts
    artifacts = None if run.verification is None else run.verification.artifacts
    done = "Deployed" if run.verification is None else "Deployed and verified"
    out.print(summary(run.timeline))
    lines = [
        "",
        f"{done} in {run.timeline.total_s():.0f} s: release {status.release}",
        f"  site       {facts.site}",
        *(f"  {line}" for line in doors(status, is_read_by_a_person=out.is_terminal)),
        f"  address    {facts.address}",
        f"  artifacts  {artifacts or 'none'}",
        *[f"  report     {report}" for report in _reports(artifacts)[:1]],
        "Try:",
        f"  curl {curl_options(facts)} {facts.site}/api/health",
        f"  {_relative_command('slipway')} status -s {facts.stack}",
    ]
    out.print("\n".join(lines), markup=False, soft_wrap=True)


def _reports(artifacts: Path | None) -> list[Path]:
    return [] if artifacts is None else [artifacts / name for name in REPORTS if (artifacts / name).is_file()]


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
