"""ReservedIpAssignment: a reserved IP pointing at a droplet."""

from __future__ import annotations

from toolchain.plugins.digitalocean.addresses import RESERVED_IPS, assign, droplet_of, unassign
from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.errors import ProviderError
from toolchain.plugins.values import Properties


class ReservedIpAssignment(CloudResource):
    """`digitalocean:index/reservedIpAssignment:ReservedIpAssignment`; imported by `IP,DROPLET_ID`."""

    noun = "Reserved IP Assignment"
    auto_name = False
    fields = (
        Field("dropletId", "whole", required=True, replaces=True),
        Field("ipAddress", required=True, replaces=True),
    )

    def identify(self, id: str) -> tuple[str, Properties]:  # noqa: A002
        """Take address and droplet apart."""
        address, comma, droplet = id.partition(",")
        if not comma or not droplet.isdigit():
            raise ProviderError(f"{id!r} cannot be imported: give IP,DROPLET_ID")
        return f"{droplet}-{address}", {"dropletId": int(droplet), "ipAddress": address}

    def make(self, api: Session, inputs: Properties) -> str:
        """Name the pair: the state has to know it before the address starts to move."""
        return f"{inputs['dropletId']}-{inputs['ipAddress']}"

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Point the address at the droplet; a replacement so moves it without a gap."""
        assign(api, inputs["ipAddress"], inputs["dropletId"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Look whether the address points at the droplet."""
        found = api.find(f"{RESERVED_IPS}/{known['ipAddress']}", "reserved_ip")
        if found is None or droplet_of(found) != known["dropletId"]:
            return None
        return {"dropletId": known["dropletId"], "ipAddress": known["ipAddress"]}

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Take the address off, unless it points elsewhere by now."""
        unassign(api, outputs["ipAddress"], outputs["dropletId"])
