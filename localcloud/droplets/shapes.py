"""Droplets as the API answers them."""

from ipaddress import IPv4Network

from localcloud.cloud import Cloud
from localcloud.droplets.models import DropletRecord
from localcloud.wire.answers import Answer


def _address(ip: str, network: IPv4Network, kind: str) -> Answer:
    gateway = str(network.network_address + 1)
    return {"ip_address": ip, "netmask": str(network.netmask), "gateway": gateway, "type": kind}


def _networks(cloud: Cloud, droplet: DropletRecord) -> Answer:
    # As on the real service, an address shows once the droplet is up; a failed one has none that answers.
    if droplet.status == "new":
        return {"v4": [], "v6": []}
    private = IPv4Network(cloud.state.vpcs.get(droplet.vpc_uuid).ip_range)
    return {
        "v4": [
            _address(droplet.public_ip, cloud.settings.subnet, "public"),
            _address(droplet.private_ip, private, "private"),
        ],
        "v6": [],
    }


def droplet_shape(cloud: Cloud, droplet: DropletRecord) -> Answer:
    """Build the answer for one droplet."""
    size = cloud.catalogue.sizes[droplet.size]
    volumes = [volume.id for volume in cloud.state.volumes.all() if droplet.id in volume.droplet_ids]
    return {
        "id": droplet.id,
        "name": droplet.name,
        "memory": size.memory,
        "vcpus": size.vcpus,
        "disk": droplet.disk_gb,
        "disk_info": [{"type": "local", "size": {"amount": droplet.disk_gb, "unit": "gib"}}],
        "locked": bool(cloud.actions.pending_on(droplet.id)),
        "status": droplet.status,
        "kernel": None,
        "created_at": droplet.created_at,
        "features": droplet.features,
        "backup_ids": [],
        "next_backup_window": None,
        "snapshot_ids": [],
        "image": cloud.catalogue.images[droplet.image].model_dump(),
        "volume_ids": volumes,
        "size": size.model_dump(),
        "size_slug": size.slug,
        "networks": _networks(cloud, droplet),
        "region": cloud.catalogue.regions[droplet.region].model_dump(),
        "tags": droplet.tags,
        "vpc_uuid": droplet.vpc_uuid,
    }
