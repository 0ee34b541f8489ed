"""Domain: a DNS zone."""

from __future__ import annotations

from urllib.parse import quote

from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field, lower, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.values import UNKNOWN, Properties

DOMAINS = "/v2/domains"


class Domain(CloudResource):
    """`digitalocean:index/domain:Domain`."""

    noun = "Domain"
    auto_name = False
    fields = (
        Field("name", required=True, replaces=True, normal=lower),
        Field("ipAddress", api="-", replaces=True, unread=True),
        Field("ttl", "whole", output=True),
        Field("domainUrn", api="-", output=True),
    )

    def must_go_first(self, old_inputs: Properties, news: Properties) -> bool:
        """A zone of the same name cannot be there twice; another name can be made first."""
        return news.get("name") is not UNKNOWN and old_inputs.get("name") == news.get("name")

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the zone."""
        body = {"name": inputs["name"]}
        if inputs.get("ipAddress"):
            body["ip_address"] = inputs["ipAddress"]
        return str(api.make(DOMAINS, body, "domain")["name"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the zone."""
        found = api.find(f"{DOMAINS}/{quote(id, safe='')}", "domain")
        return None if found is None else {**read_fields(self.fields, found), "domainUrn": f"do:domain:{id}"}

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the zone with its records."""
        api.delete(f"{DOMAINS}/{quote(id, safe='')}")
