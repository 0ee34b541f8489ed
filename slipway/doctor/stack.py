"""The stack: its configuration, its state, and its droplet as far as it can be reached."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml
from pydantic.alias_generators import to_camel

from infra.errors import Fault
from infra.settings import NAMESPACE, Settings
from slipway.asking import ask_pulumi
from slipway.certificate import Certificate
from slipway.doctor.finding import Area, Finding
from slipway.project import Project

STACK = Area("stack")
SECRETS = {
    *(NAMESPACE + to_camel(name) for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)),
    "digitalocean:token",
}
SOON_DAYS = 14
CONNECT_LIMIT_S = 5


@dataclass(frozen=True)
class PulumiState:
    """What Pulumi's backend says of a stack; None of it when it can't be read."""

    is_known: bool
    update_in_progress: bool = False
    pending: tuple[str, ...] = ()
    why: str = ""


def settings(faults: Sequence[Fault], why: str | None) -> Iterator[Finding]:
    """Every fault of the configuration is a finding of its own."""
    if why is not None:
        first, _, mend = why.partition("\n")
        yield STACK.fault("settings", first, mend or "slipway init")
    for fault in faults:
        yield STACK.fault("settings", f"{fault.key} {fault.problem}", fault.mend)
    if why is None and not faults:
        yield STACK.well("settings", "are valid")


def secrets(project: Project, stack: str) -> Finding:
    """A secret has to be encrypted in the file that git keeps."""
    file = project.root / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        return STACK.skipped("secrets", f"there is no {file.name} yet")
    config: Mapping[str, Any] = (yaml.safe_load(file.read_text()) or {}).get("config") or {}
    plain = sorted(key for key, value in config.items() if key in SECRETS and not isinstance(value, dict))
    if plain:
        said = f"{', '.join(plain)} stands in plain text in {file.name}: take it for known, and make a new one"
        return STACK.fault("secrets", said, f"pulumi config set --secret {plain[0]} -s {stack}")
    kept = sum(key in SECRETS for key in config)
    return STACK.well("secrets", f"{kept} are encrypted in {file.name}" if kept else f"none in {file.name}")


def pulumi_state(project: Project, stack: str, environment: Mapping[str, str]) -> PulumiState:
    """Read the stack's state: whether somebody works on it, and what was begun and never ended."""
    listed = ask_pulumi(["stack", "ls", "--json"], project.root, environment)
    if listed.returncode != 0:
        return PulumiState(is_known=False, why=listed.stderr.strip())
    rows = {str(row["name"]).rpartition("/")[2]: row for row in json.loads(listed.stdout)}
    if stack not in rows:
        return PulumiState(is_known=False, why=f"no stack '{stack}' in this backend")
    exported = ask_pulumi(["stack", "export", "--stack", stack], project.root, environment)
    if exported.returncode != 0:
        return PulumiState(is_known=False, why=exported.stderr.strip())
    return read_state(rows[stack], json.loads(exported.stdout))


def read_state(row: Mapping[str, Any], exported: Mapping[str, Any]) -> PulumiState:
    """Read what the CLI says of a stack."""
    operations = (exported.get("deployment") or {}).get("pending_operations") or []
    named = tuple(f"{op['type']} {op['resource']['urn'].rpartition('::')[2]}" for op in operations)
    return PulumiState(is_known=True, update_in_progress=bool(row.get("updateInProgress")), pending=named)


def state(stack: str, found: PulumiState) -> Iterator[Finding]:
    """Say whether the next `pulumi up` would be let in, and would know what there is."""
    if not found.is_known:
        yield STACK.skipped("state", found.why)
        return
    if found.update_in_progress:
        yield STACK.warning("state", "another run of pulumi works on it", f"wait; if it is dead: pulumi cancel {stack}")
    if found.pending:
        said = f"begun and never ended: {', '.join(found.pending)}"
        yield STACK.fault("state", said, f"pulumi refresh -s {stack}")
    if not found.update_in_progress and not found.pending:
        yield STACK.well("state", "whole, and nobody works on it")


def window(stack: str, left_open: Sequence[str], *, is_wanted: bool) -> Finding:
    """A window that no deploy holds open is a door left ajar."""
    if left_open:
        said = f"port 22 stands open for {', '.join(left_open)}"
        return STACK.warning("window", f"{said}, unless a deploy runs now", f"slipway close-window -s {stack}")
    return STACK.well("window", "shut" if is_wanted else "none is used")


def host_key(stack: str, address: str, known_hosts: str | None) -> Finding:
    """Without the pinned key no SSH is spoken."""
    if known_hosts is None or not any(line.split()[:1] == [address] for line in known_hosts.splitlines()):
        return STACK.fault("host key", f"the one of {address} is not known here", f"pulumi up -s {stack}")
    return STACK.well("host key", "is pinned")


def ssh(
    stack: str,
    address: str,
    port: int,
    networks: Sequence[str],
    find_own: Callable[[], str | None],
    *,
    has_window: bool = False,
) -> Finding:
    """Say whether port 22 lets this machine in; if not, `find_own` says which address it would have to let in."""
    try:
        with socket.create_connection((address, port), timeout=CONNECT_LIMIT_S):
            return STACK.well("ssh", f"{address}:{port} is open for this machine")
    except ConnectionRefusedError:
        return STACK.fault("ssh", f"{address} refuses port {port}: sshd is down", f"pulumi up -s {stack} --refresh")
    except OSError as why:
        if has_window:
            return STACK.skipped("ssh", f"{address}:{port} is shut; a deploy opens it while it runs (deployWindow)")
        own = find_own()
        wider = json.dumps([*networks, f"{own or 'ADDRESS'}/32"])
        seen = f" (you come from {own})" if own else ""
        said = f"{address}:{port} doesn't answer{seen}: {why}; allowed are {', '.join(networks) or 'nobody'}"
        return STACK.fault("ssh", said, f"pulumi config set slipway:operatorNetworks '{wider}' -s {stack}, pulumi up")


def dns(stack: str, name: str, address: str, found: Sequence[str] | None, server: str | None) -> Finding:
    """The name has to lead to the address, or nobody finds the site and no certificate is issued."""
    asked = server or "the system's name server"
    if found and address in found:
        return STACK.well("dns", f"{name} leads to {address}")
    if found:
        said = f"{name} leads to {', '.join(found)}, not to {address}"
        return STACK.fault("dns", said, f"set the record to {address}, or: pulumi up -s {stack} --refresh")
    mend = "let the registrar name ns1.digitalocean.com, ns2 and ns3 as the domain's servers"
    return STACK.fault("dns", f"{asked} knows no address of {name}", mend)


def certificate(stack: str, domain: str, found: Certificate | None, now: datetime | None = None) -> Finding:
    """Traefik asks for a certificate by itself; what it can't get is told in its log."""
    mend = f"slipway logs traefik -s {stack}"
    if found is None:
        return STACK.fault("certificate", "the site doesn't speak TLS", mend)
    if not found.covers(domain):
        return STACK.fault("certificate", f"is for {', '.join(found.names) or 'nobody'}, not for {domain}", mend)
    days = found.days_left(now or datetime.now(UTC))
    said = f"of {found.issuer}, for {days} days more"
    if days < 0:
        return STACK.fault("certificate", f"of {found.issuer}, expired {-days} days ago", mend)
    return STACK.warning("certificate", said, mend) if days < SOON_DAYS else STACK.well("certificate", said)


def rollout(stack: str, now: Mapping[str, Any]) -> Iterator[Finding]:
    """Say whether the droplet is in the middle of something, and whether what serves is well."""
    owner = now.get("locked_by")
    if owner:
        said = f"held by {owner['who']}, since {owner['since']}"
        yield STACK.warning("lock", said, f"wait, or end it: slipway unlock -s {stack}")
    elif now.get("unfinished"):
        said = f"a rollout ({now['unfinished']}) was cut short and is neither taken back nor finished"
        yield STACK.fault("release", said, f"slipway unlock -s {stack}")
    else:
        yield STACK.well("lock", "free, and nothing was left half way")
    if not now["release"]:
        yield STACK.fault("services", "no release serves", f"slipway deploy -s {stack}")
        return
    ill = [f"{s['name']} is {s['state']}, {s['health']}" for s in now["services"] if s["health"] != "healthy"]
    down = [name for name in now.get("down", ()) if not any(text.startswith(f"{name} ") for text in ill)]
    if ill or down:
        said = "; ".join([*ill, *(f"{name} is not as the release wants it" for name in down)])
        yield STACK.fault("services", said, f"slipway deploy -s {stack} starts again what is down")
    else:
        yield STACK.well("services", f"{len(now['services'])} are healthy")
