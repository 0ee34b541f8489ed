"""DnsRecord: a record of a zone."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field, read_fields, zero_is_none
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.errors import ProviderError
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import UNKNOWN, Properties

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
POINTING = frozenset({"CNAME", "MX", "NS", "SRV", "CAA"})
NEEDED = {"MX": ("priority",), "SRV": ("priority", "port", "weight"), "CAA": ("flags", "tag")}
NUMBERS = ("priority", "port", "weight", "flags")


def _value(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of the data: the API drops the final dot of host names."""
    if not isinstance(value, str):
        return value
    if around.get("type") in POINTING:
        return value.rstrip(".").lower() if around.get("tag") != "iodef" else value
    if around.get("type") == "AAAA":
        try:
            return str(ipaddress.IPv6Address(value))
        except ValueError:
            return value
    return value


def _name(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of the name: relative to the zone."""
    domain = around.get("domain")
    if not isinstance(value, str) or not isinstance(domain, str):
        return value
    short = value.rstrip(".").lower()
    return "@" if short == domain.lower() else short.removesuffix(f".{domain.lower()}")


class DnsRecord(CloudResource):
    """`digitalocean:index/dnsRecord:DnsRecord`; imported by `DOMAIN,ID`."""

    noun = "Record"
    fields = (
        Field("domain", api="-", required=True, replaces=True),
        Field("type", required=True, replaces=True),
        Field("name", normal=_name),
        Field("value", api="data", required=True, normal=_value),
        Field("ttl", "whole", computed=True),
        Field("priority", "whole", normal=zero_is_none),
        Field("port", "whole", normal=zero_is_none),
        Field("weight", "whole", normal=zero_is_none),
        Field("flags", "whole", normal=zero_is_none),
        Field("tag"),
        Field("fqdn", api="-", output=True, follows=("name",)),
    )

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Check the type and what it needs besides."""
        kind = news["type"]
        if kind is UNKNOWN:
            return []
        if kind not in TYPES:
            return [Failure("type", f"{kind!r} is none of {', '.join(TYPES)}")]
        missing = [name for name in NEEDED.get(kind, ()) if news.get(name) is None]
        return [Failure(name, f"{name!r} is required for a record of type {kind}") for name in missing]

    def identify(self, id: str) -> tuple[str, Properties]:  # noqa: A002
        """Take zone and number apart."""
        domain, comma, number = id.partition(",")
        if not comma or not number.isdigit():
            raise ProviderError(f"{id!r} cannot be imported: give DOMAIN,RECORD_ID")
        return number, {"domain": domain}

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the record."""
        return str(api.make(_records(inputs), _body(inputs), "domain_record")["id"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the record."""
        found = api.find(f"{_records(known)}/{id}", "domain_record")
        if found is None:
            return None
        live = {**read_fields(self.fields, found), "domain": known["domain"]}
        for name in NUMBERS:
            is_meant = name in NEEDED.get(live["type"], ()) or known.get(name) == 0
            live[name] = live[name] or (0 if is_meant else None)
        if live["type"] in POINTING and live["value"] not in (None, "", "@") and live["tag"] != "iodef":
            live["value"] = live["value"].rstrip(".") + "."
        name = _name(live["name"], live)
        return {**live, "fqdn": known["domain"] if name == "@" else f"{name}.{known['domain']}"}

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Write the whole record anew."""
        api.put(f"{_records(news)}/{id}", _body({**news, "ttl": news.get("ttl") or live.get("ttl")}))

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the record."""
        api.delete(f"{_records(outputs)}/{id}")


def _records(known: Properties) -> str:
    return f"/v2/domains/{quote(known['domain'], safe='')}/records"


def _body(inputs: Properties) -> Properties:
    body: Properties = {"type": inputs["type"], "name": inputs["name"], "data": inputs["value"]}
    body |= {name: inputs[name] for name in NUMBERS if inputs.get(name) is not None}
    return body | {name: inputs[name] for name in ("ttl", "tag") if inputs.get(name)}
