"""Domains and their records: request bodies and records."""

from typing import Literal

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body

RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT"]
DEFAULT_TTL = 1800
LOWEST_TTL = 30


class DomainRecord(StoredRecord):
    """A domain."""

    name: str
    serial: int
    """Counts changes; the zone's SOA serial."""

    @property
    def key(self) -> str:
        """The domain's name."""
        return self.name

    @property
    def urn(self) -> str:
        """Its name in projects."""
        return f"do:domain:{self.name}"


class ZoneRecord(StoredRecord):
    """One DNS record, as the API answers it, and the domain to which it belongs."""

    id: int
    domain: str
    type: RecordType
    name: str
    data: str
    priority: int | None = None
    port: int | None = None
    ttl: int = DEFAULT_TTL
    weight: int | None = None
    flags: int | None = None
    tag: str | None = None

    @property
    def key(self) -> str:
        """The record's id."""
        return str(self.id)


class CreateDomain(Body):
    """Body of POST /v2/domains."""

    name: str
    ip_address: str = ""


class CreateRecord(Body):
    """Body of POST /v2/domains/NAME/records."""

    type: RecordType
    name: str = "@"
    data: str = ""
    priority: int | None = None
    port: int | None = None
    ttl: int = DEFAULT_TTL
    weight: int | None = None
    flags: int | None = None
    tag: str | None = None


class UpdateRecord(Body):
    """Body of PUT and PATCH /v2/domains/NAME/records/ID; what is not given stays."""

    type: RecordType | None = None
    name: str | None = None
    data: str | None = None
    priority: int | None = None
    port: int | None = None
    ttl: int | None = None
    weight: int | None = None
    flags: int | None = None
    tag: str | None = None
