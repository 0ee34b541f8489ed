"""Data: on a volume, or backed up with the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infra.policy.model import Resource, Violation, is_unknown, revealed
from infra.policy.rules.machines import DROPLET

ATTACHMENT = "digitalocean:index/volumeAttachment:VolumeAttachment"


def data_outlives_the_machine(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Find droplets that have neither backups nor a volume.

    An attachment names its droplet by an id that isn't among a droplet's inputs, so attachments are counted: each
    droplet without backups needs one to another droplet id, or one whose id isn't known yet.
    """
    bare = [each for each in resources if each.type == DROPLET and not (each.get("backups") or each.get("volumeIds"))]
    ids = [revealed(each.props.get("dropletId")) for each in resources if each.type == ATTACHMENT]
    attached = len({value for value in ids if not is_unknown(value)}) + sum(map(is_unknown, ids))
    for droplet in bare[attached:]:
        yield Violation(droplet, "the droplet has neither backups nor a volume: its data would go with it")
