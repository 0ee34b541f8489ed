"""The account: what it would refuse, found before a deploy asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from infra.keys import OperatorKey
from infra.settings import Settings
from slipway.account import TIMEOUT_S, Api
from slipway.doctor.finding import Area, Finding
from slipway.errors import SlipwayError

ACCOUNT = Area("account")
MAX_CLOCK_GAP_S = 30
PANEL = "in DigitalOcean's control panel"


@dataclass(frozen=True)
class Account:
    """The account that a stack's token opens, and what the stack wants of it."""

    api: Api
    stack: str
    settings: Settings | None = None
    operator_key: OperatorKey | None = None

    @property
    def prefix(self) -> str:
        """What the stack's resources are called."""
        return f"slipway-{self.stack}"


def look_at_account(account: Account) -> Iterator[Finding]:
    """Look at everything; without an account that answers there is nothing more to see."""
    try:
        found = account.api.ask("GET", "/v2/account")["account"]
    except SlipwayError as why:
        said = str(why).partition("\n")[0].removesuffix("; nothing was changed.")
        yield ACCOUNT.fault("token", said, f"make a token {PANEL}, then: export DIGITALOCEAN_TOKEN=…")
        return
    yield status(found)
    yield clock(account.api)
    yield droplet_limit(account, found)
    yield address_limit(account, found)
    if account.settings is None:
        yield ACCOUNT.skipped("region", "the settings are not valid yet")
        return
    yield region(account, account.settings)
    yield domain(account, account.settings)
    if account.operator_key is not None:
        yield key(account, account.operator_key)


def status(found: dict[str, Any]) -> Finding:
    """A locked account takes the token and refuses all work."""
    if found["status"] == "active":
        return ACCOUNT.well("token", f"opens the account of {found['email']}")
    why = found.get("status_message") or "no reason is given"
    said = f"the account of {found['email']} is {found['status']}: {why}"
    report = ACCOUNT.warning if found["status"] == "warning" else ACCOUNT.fault
    return report("token", said, f"follow what it says {PANEL}")


def clock(api: Api) -> Finding:
    """A clock that is off breaks certificates and one-time tokens."""
    try:
        told = httpx.head(api.url, timeout=TIMEOUT_S).headers.get("date")
    except httpx.HTTPError as why:
        return ACCOUNT.skipped("clock", f"{api.url} can't be asked for the time: {why}")
    if told is None:
        return ACCOUNT.skipped("clock", f"{api.url} tells no time")
    return judge_clock(parsedate_to_datetime(told), datetime.now(UTC))


def judge_clock(theirs: datetime, ours: datetime) -> Finding:
    """Compare two clocks."""
    gap = (ours - theirs).total_seconds()
    if abs(gap) > MAX_CLOCK_GAP_S:
        way = "ahead of" if gap > 0 else "behind"
        return ACCOUNT.fault("clock", f"this machine is {abs(gap):.0f} s {way} the API", "timedatectl set-ntp true")
    return ACCOUNT.well("clock", "agrees with the API's")


def droplet_limit(account: Account, found: dict[str, Any]) -> Finding:
    """A stack needs a droplet, and for a moment a second one when it is replaced."""
    droplets = account.api.every("/v2/droplets", "droplets")
    is_made = any(droplet["name"] == account.prefix for droplet in droplets)
    return _limit("droplets", len(droplets), int(found["droplet_limit"]), is_made=is_made)


def address_limit(account: Account, found: dict[str, Any]) -> Finding:
    """A stack needs a reserved address."""
    addresses = account.api.every("/v2/reserved_ips", "reserved_ips")
    held = any((address.get("droplet") or {}).get("name") == account.prefix for address in addresses)
    return _limit("addresses", len(addresses), int(found["reserved_ip_limit"]), is_made=held)


def _limit(name: str, used: int, limit: int, *, is_made: bool) -> Finding:
    said = f"{used} of {limit} {name} are used"
    if is_made or used < limit:
        return ACCOUNT.well(name, said)
    return ACCOUNT.fault(name, f"{said}: none is left for this stack", f"remove one, or ask for more {PANEL}")


def region(account: Account, settings: Settings) -> Finding:
    """Not every region takes new droplets, and not every size is to be had in each."""
    regions = {found["slug"]: found for found in account.api.every("/v2/regions", "regions")}
    found = regions.get(settings.region)
    open_ = sorted(slug for slug, each in regions.items() if each["available"] and settings.size in each["sizes"])
    config = f"-s {account.stack}"
    if found is None or not found["available"]:
        state = "is unknown" if found is None else "takes no new droplets"
        said, mend = f"{settings.region} {state}", f"pulumi config set slipway:region {(open_ or ['fra1'])[0]} {config}"
    elif settings.size not in found["sizes"]:
        said = f"size {settings.size} is not to be had in {settings.region}"
        mend = f"pulumi config set slipway:size {(found['sizes'] or ['s-1vcpu-2gb'])[0]} {config}"
    else:
        return ACCOUNT.well("region", f"{settings.region} has {settings.size}")
    return ACCOUNT.fault("region", said, mend)


def domain(account: Account, settings: Settings) -> Finding:
    """A zone is made by the stack, or has to be there before it."""
    names = {found["name"] for found in account.api.every("/v2/domains", "domains")}
    is_there = settings.domain in names
    if not settings.manage_domain:
        if is_there:
            return ACCOUNT.well("domain", f"{settings.domain} is in the account")
        said = f"{settings.domain} is not in the account, and manageDomain is false"
        return ACCOUNT.fault("domain", said, f"pulumi config set slipway:manageDomain true -s {account.stack}")
    is_made = any(found["name"] == account.prefix for found in account.api.every("/v2/droplets", "droplets"))
    if is_there and not is_made:
        said = f"{settings.domain} is in the account already, so the stack can't make it"
        return ACCOUNT.fault("domain", said, f"pulumi config set slipway:manageDomain false -s {account.stack}")
    return ACCOUNT.well("domain", f"{settings.domain} is this stack's" if is_there else "will be made by the stack")


def key(account: Account, operator_key: OperatorKey) -> Finding:
    """DigitalOcean takes a public key once: one that is there under another name stops the first deploy."""
    own = operator_key.public.split()[:2]
    same = [k for k in account.api.every("/v2/account/keys", "ssh_keys") if k["public_key"].split()[:2] == own]
    other = [found["name"] for found in same if found["name"] != account.prefix]
    if other:
        said = f"the operators' key is in the account already, as '{other[0]}', and can't be added again"
        new = f".slipway/operators/{account.stack}-new"
        mend = f"ssh-keygen -t ed25519 -N '' -f {new}, then: slipway init -s {account.stack} --ssh-key {new}"
        return ACCOUNT.fault("ssh key", said, mend)
    return ACCOUNT.well("ssh key", "is in the account" if same else "will be added by the stack")
