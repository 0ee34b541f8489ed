"""ReservedIp: an address that outlives droplets."""

from __future__ import annotations

from toolchain.plugins.digitalocean.addresses import RESERVED_IPS, assign, unassign
from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.values import Properties


class ReservedIp(CloudResource):
    """`digitalocean:index/reservedIp:ReservedIp`."""

    noun = "Reserved IP"
    auto_name = False
    fields = (
        Field("region", api="region.slug", required=True, replaces=True),
        Field("dropletId", "whole", "droplet.id", apart=True),
        Field("ipAddress", api="ip", output=True),
        Field("reservedIpUrn", api="-", output=True),
    )
    refused = {"ipAddress": "is chosen by DigitalOcean; leave it out"}  # noqa: RUF012

    def make(self, api: Session, inputs: Properties) -> str:
        """Reserve an address."""
        return str(api.make(RESERVED_IPS, {"region": inputs["region"]}, "reserved_ip")["ip"])

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Point it at the droplet that the program names."""
        if inputs.get("dropletId") is not None:
            assign(api, id, inputs["dropletId"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the address."""
        found = api.find(f"{RESERVED_IPS}/{id}", "reserved_ip")
        if found is None:
            return None
        return {**read_fields(self.fields, found), "ipAddress": id, "reservedIpUrn": f"do:reservedip:{id}"}

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Point it elsewhere or nowhere."""
        if news.get("dropletId") is not None:
            assign(api, id, news["dropletId"])
        elif live.get("dropletId") is not None:
            unassign(api, id, live["dropletId"])

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Give the address back."""
        if outputs.get("dropletId") is not None:
            unassign(api, id, outputs["dropletId"])
        api.delete(f"{RESERVED_IPS}/{id}")
