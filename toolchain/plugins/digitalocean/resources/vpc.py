"""Vpc: a private network of a region."""

from __future__ import annotations

from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.errors import ApiError
from toolchain.plugins.digitalocean.fields import Field, lower, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.values import Properties

VPCS = "/v2/vpcs"
DELETE_LIMIT_S = 120.0


class Vpc(CloudResource):
    """`digitalocean:index/vpc:Vpc`."""

    noun = "VPC"
    fields = (
        Field("name"),
        Field("region", required=True, replaces=True, normal=lower),
        Field("description"),
        Field("ipRange", replaces=True, computed=True),
        Field("createdAt", output=True),
        Field("default", "flag", output=True),
        Field("vpcUrn", api="urn", output=True),
    )

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the network."""
        names = (("name", "name"), ("region", "region"), ("description", "description"), ("ipRange", "ip_range"))
        body = {key: inputs[name] for name, key in names if inputs.get(name) not in (None, "")}
        return str(api.make(VPCS, body, "vpc", lambda found: found.get("region") == inputs["region"])["id"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the network."""
        found = api.find(f"{VPCS}/{id}", "vpc")
        return None if found is None else read_fields(self.fields, found)

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Change name and description."""
        body = {"name": news["name"], "description": news.get("description") or ""}
        api.put(f"{VPCS}/{id}", {**body, "default": bool(live.get("default"))})

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the network; the last members take a moment to leave it."""

        def has_members(failure: ApiError) -> bool:
            return failure.status in (403, 409)

        api.retry_while(has_members, lambda: api.delete(f"{VPCS}/{id}"), DELETE_LIMIT_S)
