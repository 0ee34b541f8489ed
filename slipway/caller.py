"""Which address this machine has, seen from the droplet."""

from __future__ import annotations

import ipaddress
import os
import socket

import httpx

from slipway.errors import ConfigurationFault

VARIABLE = "SLIPWAY_ADDRESS"
# Answers with the caller's IPv4 address and a line end; asked only when this machine's own is a private one.
SERVICE = "https://checkip.amazonaws.com"
TIMEOUT_S = 10
_ANY_PUBLIC = "192.0.2.1"


def caller_address(target: str | None, *, asks_outside: bool) -> str:
    """Return the IPv4 address under which this machine reaches the droplet at `target`.

    SLIPWAY_ADDRESS decides; else it is the address that the route there begins with, and behind a translation of
    addresses what a public service sees. Raises ConfigurationFault when none can be found.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return _checked(given, f"{VARIABLE}={given}")
    own = source_address(target or _ANY_PUBLIC)
    if own is not None and (not asks_outside or ipaddress.ip_address(own).is_global):
        return own
    if not asks_outside:
        raise ConfigurationFault(f"No route leads to {target}.\nSay which address is yours: export {VARIABLE}=ADDRESS")
    return _asked()


def source_address(target: str) -> str | None:
    """Return the address that packets to `target` leave with; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((target, 22))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def _asked() -> str:
    try:
        answer = httpx.get(SERVICE, timeout=TIMEOUT_S)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise ConfigurationFault(
            f"The deploy window needs the address that you come from, and {SERVICE} can't be asked: {error}\n"
            f"Say it yourself: export {VARIABLE}=ADDRESS"
        ) from error
    return _checked(answer.text.strip(), f"{SERVICE} answered {answer.text.strip()[:40]!r}, which")


def _checked(address: str, what: str) -> str:
    try:
        return str(ipaddress.IPv4Address(address))
    except ValueError as error:
        mend = f"Say which address is yours: export {VARIABLE}=203.0.113.7"
        raise ConfigurationFault(f"{what} is no IPv4 address.\n{mend}") from error
