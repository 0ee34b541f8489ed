"""Domains, their records, and telling the name server about them."""

import logging
import threading

from localcloud.domains.models import CreateDomain, CreateRecord, DomainRecord, UpdateRecord, ZoneRecord
from localcloud.domains.rules import absolute, checked_domain, normal_record, refuse_clash
from localcloud.errors import RuntimeFailure
from localcloud.runtime import Record, Runtime
from localcloud.state import State
from localcloud.wire.errors import NotFound, Unprocessable

log = logging.getLogger(__name__)

FIRST_RECORD = 28_448_429
NAME_SERVERS = ("ns1.digitalocean.com", "ns2.digitalocean.com", "ns3.digitalocean.com")
TARGETED = ("CNAME", "MX", "NS", "SRV")


class Domains:
    """All domains."""

    def __init__(self, state: State, runtime: Runtime) -> None:
        self._state = state
        self._runtime = runtime
        self._publishing = threading.Lock()

    def create(self, body: CreateDomain) -> DomainRecord:
        """Make a domain with the service's own SOA and NS records and, if an address is given, an A record."""
        name = checked_domain(body.name)
        with self._state.db.transaction():
            if self._state.domains.find(name):
                raise Unprocessable(f"domain '{name}': name already exists")
            domain = self._state.domains.save(DomainRecord(name=name, serial=0))
            self._state.zone_records.save(
                ZoneRecord(id=self._next(), domain=name, type="SOA", name="@", data=str(1800))
            )
            for server in NAME_SERVERS:
                self._add(name, CreateRecord(type="NS", data=f"{server}."))
            if body.ip_address:
                kind = "AAAA" if ":" in body.ip_address else "A"
                self._add(name, CreateRecord.model_validate({"type": kind, "data": body.ip_address}))
            self._changed(name)
        return domain

    def delete(self, name: str) -> None:
        """Remove a domain with its records."""
        with self._state.db.transaction():
            domain = self._state.domains.get(name.lower())
            for record in self.records(domain.name):
                self._state.zone_records.remove(record.id)
            self._state.domains.remove(domain.name)
            self._state.assignments.remove(domain.urn)
            self._state.db.after_commit(self.publish)

    def records(self, domain: str) -> list[ZoneRecord]:
        """Return all records of a domain; NotFound when there is none of that name."""
        return self._state.zone_records.where(domain=self._state.domains.get(domain.lower()).name)

    def record(self, domain: str, record_id: int) -> ZoneRecord:
        """Return one record of a domain."""
        record = self._state.zone_records.get(record_id)
        if record.domain != domain.lower():
            raise NotFound
        return record

    def add(self, domain: str, body: CreateRecord) -> ZoneRecord:
        """Add a record; it is served when this returns."""
        with self._state.db.transaction():
            name = self._state.domains.get(domain.lower()).name
            record = self._add(name, body)
            self._changed(name)
        return record

    def change(self, domain: str, record_id: int, body: UpdateRecord) -> ZoneRecord:
        """Change a record but not its type; of the SOA record only the TTL."""
        with self._state.db.transaction():
            record = self.record(domain, record_id)
            if body.type not in (None, record.type):
                raise Unprocessable("Type can't be changed")
            if record.type == "SOA":
                changed = record.model_copy(update={"ttl": body.ttl or record.ttl})
            else:
                changed = normal_record(record.id, record.domain, _merged(record, body))
                refuse_clash(changed, self.records(record.domain))
            self._state.zone_records.save(changed)
            self._changed(record.domain)
        return changed

    def remove(self, domain: str, record_id: int) -> None:
        """Remove a record; the SOA record stays."""
        with self._state.db.transaction():
            record = self.record(domain, record_id)
            if record.type == "SOA":
                raise Unprocessable("the SOA record can't be deleted")
            self._state.zone_records.remove(record.id)
            self._changed(record.domain)

    def publish(self) -> None:
        """Give all zones to the name server; a failure is logged, and mended by the next change or start."""
        with self._publishing:
            domains = self._state.domains.all()
            zones = {domain.name: tuple(_published(r, domain) for r in self.records(domain.name)) for domain in domains}
            try:
                self._runtime.publish_zones(zones)
            except RuntimeFailure as error:
                log.error("zones %s not published: %s", ", ".join(zones), error)

    def _add(self, domain: str, body: CreateRecord) -> ZoneRecord:
        record = normal_record(self._next(), domain, body)
        refuse_clash(record, self.records(domain))
        return self._state.zone_records.save(record)

    def _changed(self, name: str) -> None:
        domain = self._state.domains.get(name)
        self._state.domains.save(domain.model_copy(update={"serial": domain.serial + 1}))
        self._state.db.after_commit(self.publish)

    def _next(self) -> int:
        return self._state.db.next_number("zone_record", FIRST_RECORD)


def _merged(record: ZoneRecord, body: UpdateRecord) -> CreateRecord:
    kept = record.model_dump(exclude={"id", "domain"})
    is_host = record.type in TARGETED or (record.type == "CAA" and record.tag != "iodef" and record.data != ";")
    if is_host and record.data != "@":
        kept["data"] += "."
    return CreateRecord(**(kept | body.model_dump(exclude_none=True)))


def _published(record: ZoneRecord, domain: DomainRecord) -> Record:
    data = absolute(record.data, domain.name) if record.type in (*TARGETED, "CAA") else record.data
    return Record(
        name=record.name,
        type=record.type,
        data=str(domain.serial) if record.type == "SOA" else data,
        ttl=record.ttl,
        priority=record.priority or 0,
        weight=record.weight or 0,
        port=record.port or 0,
        flags=record.flags or 0,
        tag=record.tag or "",
    )
