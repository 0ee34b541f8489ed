"""/v2/firewalls."""

from fastapi import APIRouter

from localcloud.cloud import Cloud
from localcloud.firewalls.models import (
    DropletIds,
    FirewallBody,
    FirewallRecord,
    InboundRule,
    OutboundRule,
    Peers,
    RuleLists,
    TagNames,
)
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter(prefix="/v2/firewalls")
NO_RULES = RuleLists()


def _peers(peers: Peers) -> Answer:
    return peers.model_dump(exclude_defaults=True)


def _inbound(rule: InboundRule) -> Answer:
    return {"protocol": rule.protocol, "ports": rule.ports, "sources": _peers(rule.sources)}


def _outbound(rule: OutboundRule) -> Answer:
    return {"protocol": rule.protocol, "ports": rule.ports, "destinations": _peers(rule.destinations)}


def firewall_shape(cloud: Cloud, firewall: FirewallRecord) -> Answer:
    """Build the answer for one firewall."""
    status, waiting = cloud.firewalls.progress(firewall)
    return {
        "id": firewall.id,
        "name": firewall.name,
        "status": status,
        "created_at": firewall.created_at,
        "pending_changes": [{"droplet_id": number, "removing": False, "status": "waiting"} for number in waiting],
        "inbound_rules": [_inbound(rule) for rule in firewall.inbound_rules],
        "outbound_rules": [_outbound(rule) for rule in firewall.outbound_rules],
        "droplet_ids": firewall.droplet_ids,
        "tags": firewall.tags,
    }


@router.get("")
def list_firewalls(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the firewalls."""
    return paging.answer("firewalls", cloud.state.firewalls.all(), lambda f: firewall_shape(cloud, f))


@router.post("", status_code=202)
def create_firewall(cloud: CloudDep, body: FirewallBody) -> Answer:
    """Make a firewall; it is applied in the background."""
    return {"firewall": firewall_shape(cloud, cloud.firewalls.create(body))}


@router.get("/{firewall_id}")
def get_firewall(cloud: CloudDep, firewall_id: str) -> Answer:
    """Return one firewall."""
    return {"firewall": firewall_shape(cloud, cloud.state.firewalls.get(firewall_id))}


@router.put("/{firewall_id}")
def replace_firewall(cloud: CloudDep, firewall_id: str, body: FirewallBody) -> Answer:
    """Replace all of a firewall; what is left out becomes empty."""
    return {"firewall": firewall_shape(cloud, cloud.firewalls.replace(firewall_id, body))}


@router.delete("/{firewall_id}", status_code=204)
def delete_firewall(cloud: CloudDep, firewall_id: str) -> None:
    """Remove a firewall."""
    cloud.firewalls.delete(firewall_id)


@router.post("/{firewall_id}/droplets", status_code=204)
def add_droplets(cloud: CloudDep, firewall_id: str, body: DropletIds) -> None:
    """Put droplets under the firewall."""
    cloud.firewalls.change_droplets(firewall_id, body.droplet_ids, [])


@router.delete("/{firewall_id}/droplets", status_code=204)
def remove_droplets(cloud: CloudDep, firewall_id: str, body: DropletIds) -> None:
    """Take droplets out of the firewall."""
    cloud.firewalls.change_droplets(firewall_id, [], body.droplet_ids)


@router.post("/{firewall_id}/tags", status_code=204)
def add_tags(cloud: CloudDep, firewall_id: str, body: TagNames) -> None:
    """Put all droplets with these tags under the firewall."""
    cloud.firewalls.change_tags(firewall_id, body.tags, [])


@router.delete("/{firewall_id}/tags", status_code=204)
def remove_tags(cloud: CloudDep, firewall_id: str, body: TagNames) -> None:
    """Take tags out of the firewall."""
    cloud.firewalls.change_tags(firewall_id, [], body.tags)


@router.post("/{firewall_id}/rules", status_code=204)
def add_rules(cloud: CloudDep, firewall_id: str, body: RuleLists) -> None:
    """Add rules."""
    cloud.firewalls.change_rules(firewall_id, body, NO_RULES)


@router.delete("/{firewall_id}/rules", status_code=204)
def remove_rules(cloud: CloudDep, firewall_id: str, body: RuleLists) -> None:
    """Remove rules that are equal to the given ones."""
    cloud.firewalls.change_rules(firewall_id, NO_RULES, body)
