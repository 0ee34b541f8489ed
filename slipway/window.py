"""The deploy window: port 22 open for one address, for the time of a deploy only.

It is a rule more on the stack's own firewall, put there and taken away by DigitalOcean's API. Pulumi never hears of
it: while nothing refreshes its state in between, the rule was never there.
"""

from __future__ import annotations

import ipaddress
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from slipway.account import Api
from slipway.errors import ApiFault, ConfigurationFault, SlipwayError

Say = Callable[[str], None]
Rule = dict[str, Any]
SSH = "22"
LOOK_EVERY_S = 3.0
APPLIED_LIMIT_S = 60.0
APPLIED_POLL_S = 0.2


def rule_for(address: str) -> Rule:
    """Return the rule that lets one address reach SSH."""
    return {"protocol": "tcp", "ports": SSH, "sources": {"addresses": [f"{address}/32"]}}


def declared_networks(config: Mapping[str, str]) -> list[str]:
    """Return the networks that a stack's raw configuration lets in; one that can't be read lets nobody in."""
    try:
        networks = json.loads(config.get("slipway:operatorNetworks", "[]"))
        return [str(ipaddress.ip_network(network)) for network in networks]
    except (ValueError, TypeError):
        return []


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Tell whether an address may reach SSH without a window."""
    own = ipaddress.ip_address(address)
    return any(own in ipaddress.ip_network(network) for network in networks)


class Door:
    """Port 22 of one stack's firewall; `declared` are the networks that the program lets in."""

    def __init__(self, api: Api, stack: str, declared: Sequence[str]) -> None:
        self.api, self.name = api, f"slipway-{stack}"
        self.declared = {_network(network) for network in declared}

    def open_for(self, address: str) -> bool:
        """Let an address in, if there is a firewall and it isn't let in already; returns whether a rule was added."""
        firewall = self._firewall()
        if firewall is None or address in _hosts(self.strays(firewall)):
            return False
        self.api.ask("POST", f"/v2/firewalls/{firewall['id']}/rules", {"inbound_rules": [rule_for(address)]})
        return True

    def close(self, address: str | None = None) -> list[str]:
        """Take the window of an address away, or every one; returns whose were taken. Safe to run again."""
        firewall = self._firewall()
        rules = [] if firewall is None else [r for r in self.strays(firewall) if address in (None, *_hosts([r]))]
        if firewall is not None and rules:
            self.api.ask("DELETE", f"/v2/firewalls/{firewall['id']}/rules", {"inbound_rules": rules})
        return _hosts(rules)

    def strays(self, firewall: dict[str, Any]) -> list[Rule]:
        """Return the windows that stand open: rules for SSH from a single host that the program doesn't declare.

        Anything wider was not put there by a deploy, so it is left to whoever did.
        """
        return [rule for rule in firewall["inbound_rules"] if self._is_window(rule)]

    def left_open(self) -> list[str]:
        """Return the addresses whose windows stand open."""
        firewall = self._firewall()
        return [] if firewall is None else _hosts(self.strays(firewall))

    def await_applied(self, limit_s: float = APPLIED_LIMIT_S) -> None:
        """Wait until the cloud has brought the rules to every droplet."""
        deadline = time.monotonic() + limit_s
        while (firewall := self._firewall()) is not None and firewall.get("status") == "waiting":
            if time.monotonic() > deadline:
                raise ApiFault(f"firewall {self.name} is not applied after {limit_s:.0f} s; try again", None)
            time.sleep(APPLIED_POLL_S)

    def _firewall(self) -> dict[str, Any] | None:
        found = self.api.every("/v2/firewalls", "firewalls")
        return next((firewall for firewall in found if firewall["name"] == self.name), None)

    def _is_window(self, rule: Rule) -> bool:
        sources = rule.get("sources") or {}
        addresses = sources.get("addresses") or []
        if rule["protocol"] != "tcp" or rule["ports"] != SSH or len(addresses) != 1:
            return False
        network = _network(addresses[0])
        others = any(value for key, value in sources.items() if key != "addresses")
        return not others and network.num_addresses == 1 and network not in self.declared


@contextmanager
def deploy_window(door: Door, address: str, say: Say) -> Iterator[None]:
    """Hold port 22 open for an address while the block runs; windows that an earlier run left are closed first."""
    left = door.close()
    if left:
        say(f"closed port 22 for {', '.join(left)}: an earlier run had left it open")
    keeper = _Keeper(door, address, say)
    try:
        if door.open_for(address):
            door.await_applied()
            say(f"port 22 is open for {address} until this deploy ends")
        keeper.start()
        yield
    finally:
        try:
            keeper.stop()
            _close(door, address, say)
        except KeyboardInterrupt:  # of somebody who grew impatient: the door is shut all the same
            _close(door, address, say)
            raise


def _close(door: Door, address: str, say: Say) -> None:
    """Close, and say plainly if that fails: an exception here would hide how the deploy ended."""
    try:
        closed = door.close(address)
    except SlipwayError as fault:
        stack = door.name.removeprefix("slipway-")
        say(f"PORT 22 IS STILL OPEN for {address}: {fault}\nClose it: slipway close-window -s {stack}")
        return
    if closed:
        say(f"port 22 is closed for {address} again")


class _Keeper:
    """Opens the window as soon as a first deploy has made the firewall, and again if pulumi writes that anew."""

    def __init__(self, door: Door, address: str, say: Say) -> None:
        self._door, self._address, self._say = door, address, say
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="deploy-window", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End before the window is closed, so that it is not opened again behind our back."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            try:
                opened = self._door.open_for(self._address)
            except (ApiFault, ConfigurationFault) as fault:
                self._say(f"the deploy window could not be looked at: {fault}")
                continue  # the next look tries again; the deploy itself says what it can't reach
            if opened:
                self._say(f"port 22 is open for {self._address} until this deploy ends")


def _hosts(rules: Sequence[Rule]) -> list[str]:
    return [str(_network(rule["sources"]["addresses"][0]).network_address) for rule in rules]


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)
