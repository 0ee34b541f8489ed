"""Droplets: making, finding and destroying them."""

import re
from ipaddress import IPv4Network

from localcloud.account import limits
from localcloud.actions.models import ActionRecord
from localcloud.actions.store import Actions
from localcloud.addresses import FIRST_PRIVATE, FIRST_PUBLIC, next_address
from localcloud.catalogue.store import Catalogue
from localcloud.clock import timestamp
from localcloud.droplets.models import NAME_PATTERN, CreateDroplets, DropletRecord
from localcloud.keys.store import Keys
from localcloud.settings import Settings
from localcloud.state import State
from localcloud.tags.store import Tags
from localcloud.vpcs.models import VpcRecord
from localcloud.vpcs.store import Vpcs
from localcloud.wire.errors import NotFound, Unprocessable

FIRST_DROPLET = 480_000_001
DEFAULT_REGION = "nyc3"
MOST_AT_ONCE = 10
MOST_USER_DATA = 64 * 1024
NO_IPV6 = "The local cloud has no IPv6: create the Droplet with ipv6 false."
NO_BACKUPS = "The local cloud takes no backups: create the Droplet with backups false."
NO_PRIVATE_ONLY = "The local cloud makes no Droplets without a public address: leave public_networking true."


class Droplets:
    """All droplets."""

    def __init__(
        self,
        settings: Settings,
        state: State,
        actions: Actions,
        catalogue: Catalogue,
        keys: Keys,
        tags: Tags,
        vpcs: Vpcs,
    ) -> None:
        self._settings = settings
        self._state = state
        self._actions = actions
        self._catalogue = catalogue
        self._keys = keys
        self._tags = tags
        self._vpcs = vpcs

    def create(self, body: CreateDroplets) -> list[tuple[DropletRecord, ActionRecord]]:
        """Accept new droplets; they boot in the background."""
        names = body.names or [body.name]
        self._check(body, names)
        region = self._catalogue.region(body.region or DEFAULT_REGION, "Droplet").slug
        vpc = self._vpc(body.vpc_uuid, region)
        with self._state.db.transaction():
            if len(self._state.droplets.all()) + len(names) > limits.DROPLETS:
                raise Unprocessable("creating this/these droplet(s) will exceed your droplet limit")
            self._check_volumes(body.volumes, region, len(names))
            ssh_keys = [self._public_key(wanted) for wanted in body.ssh_keys]
            tags = self._tags.ensure(body.tags)
            return [self._create_one(name, body, region, vpc, ssh_keys, tags) for name in names]

    def destroy(self, droplet_id: int) -> None:
        """Accept the droplet's end; its volumes are detached and kept."""
        with self._state.db.transaction():
            droplet = self._state.droplets.get(droplet_id)
            if droplet.is_going:
                return
            self._state.droplets.save(droplet.model_copy(update={"is_going": True}))
            self._start("destroy", droplet)

    def destroy_tagged(self, tag: str) -> None:
        """Destroy all droplets with the tag; NotFound when there is no such tag."""
        with self._state.db.transaction():
            for droplet in self._tags.droplets(self._tags.get(tag).name):
                self.destroy(droplet.id)

    def listed(self, name: str, tag_name: str) -> list[DropletRecord]:
        """Return the droplets with this name or tag, or all."""
        if name and tag_name:
            raise Unprocessable("name and tag_name can't be combined")
        if tag_name:
            return self._tags.droplets(tag_name)
        return [d for d in self._state.droplets.all() if not name or d.name.lower() == name.lower()]

    def _start(self, action_type: str, droplet: DropletRecord) -> ActionRecord:
        return self._actions.start(
            action_type,
            "droplet",
            droplet.key,
            droplet.region,
            resource_id=droplet.id,
            droplet_ids=(droplet.id,),
        )

    def _create_one(
        self, name: str, body: CreateDroplets, region: str, vpc: VpcRecord, ssh_keys: list[str], tags: list[str]
    ) -> tuple[DropletRecord, ActionRecord]:
        features = ["monitoring"] if body.monitoring else []
        features += ["droplet_agent"] if body.with_droplet_agent else []
        size = self._catalogue.size(body.size)
        droplet = DropletRecord(
            id=self._state.db.next_number("droplet", FIRST_DROPLET),
            name=name,
            hostname=name,
            region=region,
            size=size.slug,
            image=self._catalogue.bootable_image(body.image).slug,
            disk_gb=size.disk,
            features=[*features, "private_networking"],
            tags=tags,
            vpc_uuid=vpc.id,
            public_ip=self.free_public_ip(),
            private_ip=self._free_private_ip(vpc),
            ssh_keys=ssh_keys,
            user_data=body.user_data,
            created_at=timestamp(),
        )
        self._state.droplets.save(droplet)
        action = self._start("create", droplet)
        for volume_id in body.volumes:
            volume = self._state.volumes.get(volume_id)
            self._state.volumes.save(volume.model_copy(update={"droplet_ids": [droplet.id]}))
        return droplet, action

    def free_public_ip(self) -> str:
        """Return an address of the public network that no droplet and no reserved IP has."""
        taken = {d.public_ip for d in self._state.droplets.all()} | {r.ip for r in self._state.reserved_ips.all()}
        return next_address(self._state.db, self._settings.subnet, FIRST_PUBLIC, taken)

    def _free_private_ip(self, vpc: VpcRecord) -> str:
        taken = {droplet.private_ip for droplet in self._vpcs.members(vpc.id)}
        return next_address(self._state.db, IPv4Network(vpc.ip_range), FIRST_PRIVATE, taken)

    def _vpc(self, wanted: str, region: str) -> VpcRecord:
        if not wanted:
            return self._vpcs.default(region)
        vpc = self._state.vpcs.find(wanted)
        if vpc is None or vpc.region != region:
            raise Unprocessable(f"VPC {wanted} does not exist in region {region}.")
        return vpc

    def _public_key(self, wanted: int | str) -> str:
        try:
            return self._keys.get(wanted).public_key
        except NotFound as error:
            raise Unprocessable(f"{wanted} are invalid key identifiers for Droplet creation.") from error

    def _check(self, body: CreateDroplets, names: list[str]) -> None:
        for name in names:
            if not re.fullmatch(NAME_PATTERN, name) or len(name) > 255:
                raise Unprocessable("Name Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)")
        if len(names) > MOST_AT_ONCE:
            raise Unprocessable(f"At most {MOST_AT_ONCE} Droplets can be created at once.")
        if len(body.user_data.encode()) > MOST_USER_DATA:
            raise Unprocessable("user_data must not exceed 64 KiB")
        refusals = [(body.ipv6, NO_IPV6), (body.backups, NO_BACKUPS), (not body.public_networking, NO_PRIVATE_ONLY)]
        for asked, message in refusals:
            if asked:
                raise Unprocessable(message)
        self._catalogue.size(body.size)
        self._catalogue.bootable_image(body.image)

    def _check_volumes(self, volume_ids: list[str], region: str, droplets: int) -> None:
        if volume_ids and droplets > 1:
            raise Unprocessable("volumes can only be attached when a single Droplet is created")
        if len(volume_ids) > limits.VOLUMES_PER_DROPLET:
            raise Unprocessable(f"At most {limits.VOLUMES_PER_DROPLET} volumes can be attached to a Droplet.")
        for volume_id in volume_ids:
            volume = self._state.volumes.find(volume_id)
            if volume is None or volume.region != region:
                raise Unprocessable(f"volume {volume_id} does not exist in region {region}")
            if volume.droplet_ids:
                raise Unprocessable(f"volume {volume.name} is already attached to a Droplet")
