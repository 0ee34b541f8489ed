"""Firewalls, and keeping every droplet's packet filter in step with them."""

import logging
import re
import threading
from functools import partial
from typing import TypeVar
from uuid import uuid4

from localcloud.clock import timestamp
from localcloud.droplets.models import DropletRecord
from localcloud.errors import RuntimeFailure
from localcloud.firewalls.models import (
    NAME_PATTERN,
    FirewallBody,
    FirewallRecord,
    InboundRule,
    OutboundRule,
    Peers,
    RuleLists,
)
from localcloud.firewalls.resolve import applies, filter_of
from localcloud.jobs import Jobs
from localcloud.runtime import FirewallSpec, Runtime
from localcloud.state import State
from localcloud.wire.errors import Conflict, Unprocessable

log = logging.getLogger(__name__)

R = TypeVar("R", InboundRule, OutboundRule)


class Firewalls:
    """All firewalls."""

    def __init__(self, state: State, jobs: Jobs, runtime: Runtime) -> None:
        self._state = state
        self._jobs = jobs
        self._runtime = runtime
        self._lock = threading.Lock()
        self._wanted: dict[int, FirewallSpec | None] = {}
        self._waiting: set[int] = set()
        self._failed: set[int] = set()

    def create(self, body: FirewallBody) -> FirewallRecord:
        """Make a firewall."""
        with self._state.db.transaction():
            self._check(body, None)
            firewall = FirewallRecord(id=str(uuid4()), created_at=timestamp(), **dict(body))
            self._state.firewalls.save(firewall)
        self.refresh()
        return firewall

    def replace(self, firewall_id: str, body: FirewallBody) -> FirewallRecord:
        """Replace all of a firewall."""
        with self._state.db.transaction():
            firewall = self._state.firewalls.get(firewall_id)
            self._check(body, firewall_id)
            firewall = self._state.firewalls.save(firewall.model_copy(update=dict(body)))
        self.refresh()
        return firewall

    def delete(self, firewall_id: str) -> None:
        """Remove a firewall."""
        with self._state.db.transaction():
            self._state.firewalls.get(firewall_id)
            self._state.firewalls.remove(firewall_id)
        self.refresh()

    def change_droplets(self, firewall_id: str, add: list[int], remove: list[int]) -> None:
        """Put droplets under a firewall, or take them out."""
        with self._state.db.transaction():
            firewall = self._state.firewalls.get(firewall_id)
            self._check_targets(Peers(droplet_ids=add))
            ids = [number for number in dict.fromkeys([*firewall.droplet_ids, *add]) if number not in remove]
            self._store(firewall, droplet_ids=ids)

    def change_tags(self, firewall_id: str, add: list[str], remove: list[str]) -> None:
        """Put the droplets of tags under a firewall, or take them out."""
        with self._state.db.transaction():
            firewall = self._state.firewalls.get(firewall_id)
            self._check_targets(Peers(tags=add))
            tags = [tag for tag in dict.fromkeys([*firewall.tags, *add]) if tag not in remove]
            self._store(firewall, tags=tags)

    def change_rules(self, firewall_id: str, add: RuleLists, remove: RuleLists) -> None:
        """Add rules, or remove those that are equal to the given ones."""
        with self._state.db.transaction():
            firewall = self._state.firewalls.get(firewall_id)
            self._check_rules(add)
            inbound = _combined(firewall.inbound_rules, add.inbound_rules, remove.inbound_rules)
            outbound = _combined(firewall.outbound_rules, add.outbound_rules, remove.outbound_rules)
            self._store(firewall, inbound_rules=inbound, outbound_rules=outbound)

    def of_droplet(self, droplet: DropletRecord) -> list[FirewallRecord]:
        """Return the firewalls that cover the droplet."""
        return [firewall for firewall in self._state.firewalls.all() if applies(firewall, droplet)]

    def forget_tag(self, name: str) -> None:
        """Drop a tag that is being deleted from every firewall."""
        for firewall in self._state.firewalls.all():
            if name in firewall.tags:
                left = [tag for tag in firewall.tags if tag != name]
                self._state.firewalls.save(firewall.model_copy(update={"tags": left}))

    def forget_droplet(self, droplet_id: int) -> None:
        """Drop a droplet that is gone from every firewall."""
        for firewall in self._state.firewalls.all():
            if droplet_id in firewall.droplet_ids:
                left = [number for number in firewall.droplet_ids if number != droplet_id]
                self._state.firewalls.save(firewall.model_copy(update={"droplet_ids": left}))
        with self._lock:
            self._wanted.pop(droplet_id, None)
            self._waiting.discard(droplet_id)
            self._failed.discard(droplet_id)

    def refresh(self) -> None:
        """Apply in the background what has changed for any droplet that exists on the machine."""
        droplets = self._state.droplets.all()
        firewalls = self._state.firewalls.all()
        for droplet in droplets:
            wanted = filter_of(droplet, firewalls, droplets)
            with self._lock:
                known = droplet.id in self._wanted and self._wanted[droplet.id] == wanted
                if known or not droplet.is_made:
                    continue
                self._wanted[droplet.id] = wanted
                self._waiting.add(droplet.id)
            self._jobs.submit(frozenset({f"droplet:{droplet.id}"}), partial(self._apply_logged, droplet.id))

    def apply(self, droplet_id: int) -> None:
        """Apply the droplet's filter as it is wanted now, in the caller's turn; RuntimeFailure goes on."""
        droplets = self._state.droplets.all()
        for droplet in droplets:
            if droplet.id == droplet_id:
                wanted = filter_of(droplet, self._state.firewalls.all(), droplets)
                self._runtime.apply_firewall(droplet_id, wanted)
                with self._lock:
                    self._wanted[droplet_id] = wanted
                    self._failed.discard(droplet_id)

    def progress(self, firewall: FirewallRecord) -> tuple[str, list[int]]:
        """Return the firewall's status and the droplets to which it is still being applied."""
        covered = {droplet.id for droplet in self._state.droplets.all() if applies(firewall, droplet)}
        with self._lock:
            waiting = sorted(covered & self._waiting)
            failed = covered & self._failed
        return "waiting" if waiting else "failed" if failed else "succeeded", waiting

    def _apply_logged(self, droplet_id: int) -> None:
        try:
            self.apply(droplet_id)
        except RuntimeFailure as error:
            log.error("firewall of droplet %d not applied: %s", droplet_id, error)
            with self._lock:
                self._failed.add(droplet_id)
                self._wanted.pop(droplet_id, None)  # so that the next change tries again
        finally:
            with self._lock:
                self._waiting.discard(droplet_id)

    def _store(self, firewall: FirewallRecord, **changes: object) -> None:
        self._state.firewalls.save(firewall.model_copy(update=changes))
        self._state.db.after_commit(self.refresh)

    def _check(self, body: FirewallBody, own_id: str | None) -> None:
        if not re.fullmatch(NAME_PATTERN, body.name):
            raise Unprocessable("name must begin with a letter or digit and hold only letters, digits, '.' and '-'")
        if any(other.id != own_id for other in self._state.firewalls.where(name=body.name)):
            raise Conflict("duplicate name")
        if not body.inbound_rules and not body.outbound_rules:
            raise Unprocessable("must specify at least one inbound or outbound rule")
        self._check_targets(Peers(droplet_ids=body.droplet_ids, tags=body.tags))
        self._check_rules(body)

    def _check_rules(self, body: RuleLists) -> None:
        for peers in [r.sources for r in body.inbound_rules] + [r.destinations for r in body.outbound_rules]:
            if not (peers.addresses or peers.droplet_ids or peers.tags):
                raise Unprocessable("every rule must name sources or destinations")
            self._check_targets(peers)

    def _check_targets(self, peers: Peers) -> None:
        for number in peers.droplet_ids:
            if self._state.droplets.find(number) is None:
                raise Unprocessable(f"droplet {number} does not exist")
        for name in peers.tags:
            if self._state.tags.find(name.lower()) is None:
                raise Unprocessable(f"tag {name} does not exist")


def _combined(present: list[R], add: list[R], remove: list[R]) -> list[R]:
    gone = {rule.identity for rule in remove}
    rules: dict[str, R] = {rule.identity: rule for rule in present + add}
    return [rule for identity, rule in rules.items() if identity not in gone]
