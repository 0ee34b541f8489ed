"""Where things may be and how large, so that nobody pays for a slip of the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

from infra.policy.model import Resource, is_unknown
from infra.policy.rules.machines import DROPLET

# Europe, where the data of the staging site's users is; another place is a decision, made here.
REGIONS = ("ams3", "fra1", "lon1")
SIZES = ("s-1vcpu-2gb", "s-2vcpu-2gb", "s-2vcpu-4gb", "s-4vcpu-8gb")
VOLUME = "digitalocean:index/volume:Volume"
LARGEST_VOLUME_GB = 500
ALLOWED = "infra/policy/rules/limits.py says which are allowed"


def places_and_sizes(resource: Resource) -> Iterator[str]:
    """Find regions and sizes that aren't on the lists."""
    if not resource.type.startswith("digitalocean:"):
        return
    region = resource.get("region")
    if region is not None and region not in REGIONS:
        yield f"region {region} is none of {', '.join(REGIONS)}; {ALLOWED}"
    size = resource.get("size")
    if size is None or is_unknown(size):
        return
    if resource.type == DROPLET and size not in SIZES:
        yield f"size {size} is none of {', '.join(SIZES)}; {ALLOWED}"
    if resource.type == VOLUME and float(size) > LARGEST_VOLUME_GB:
        yield f"a volume of {float(size):.0f} GB is larger than {LARGEST_VOLUME_GB} GB; {ALLOWED}"
