"""What a name server says about its zones: exact names, wildcards, aliases, and that a name does not exist."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from ipaddress import ip_address

from dnslib import AAAA, CAA, CLASS, CNAME, MX, NS, QTYPE, RCODE, RD, RR, SOA, SRV, TXT, A, DNSLabel, DNSRecord

from localcloud.runtime import Record

NAME_SERVER = "ns1.digitalocean.com"
NEGATIVE_TTL_S = 5
"""Clients that ask too early must not remember for long that a name was not there."""
ALIASES_AT_MOST = 8
TXT_CHUNK = 255


def built_in(host: str, address: str) -> dict[str, tuple[Record, ...]]:
    """Return the zone with the local cloud's own name."""
    label, zone = host.split(".", 1)
    return {zone: (Record("@", "SOA", "1", NEGATIVE_TTL_S), Record(label, "A", address, NEGATIVE_TTL_S))}


def _data(zone: str, record: Record) -> RD:
    match record.type:
        case "A":
            return A(record.data)
        case "AAAA":
            return AAAA(str(ip_address(record.data)))
        case "CNAME":
            return CNAME(record.data)
        case "NS":
            return NS(record.data)
        case "MX":
            return MX(record.data, record.priority)
        case "SRV":
            return SRV(record.priority, record.weight, record.port, record.data)
        case "CAA":
            return CAA(record.flags, record.tag, record.data)
        case "TXT":
            text = record.data.encode()
            return TXT([text[at : at + TXT_CHUNK] for at in range(0, len(text), TXT_CHUNK)] or [b""])
        case "SOA":
            times = (int(record.data or 1), 10800, 3600, 604800, NEGATIVE_TTL_S)
            return SOA(NAME_SERVER, f"hostmaster.{zone}", times)
        case other:
            raise ValueError(f"no DNS record type {other}")


def _key(name: object) -> str:
    return str(name).rstrip(".").lower()


class Zones:
    """An immutable set of zones, ready to be asked."""

    def __init__(self, zones: Mapping[str, tuple[Record, ...]]) -> None:
        self._soa: dict[str, RR] = {}
        self._names: defaultdict[str, list[RR]] = defaultdict(list)
        for zone, records in zones.items():
            origin = _key(zone)
            self._soa[origin] = self._entry(origin, origin, Record("@", "SOA", "1", NEGATIVE_TTL_S))
            for record in records:
                self._add(origin, record)

    def _add(self, origin: str, record: Record) -> None:
        name = origin if record.name == "@" else f"{_key(record.name)}.{origin}"
        entry = self._entry(origin, name, record)
        if record.type == "SOA":
            self._soa[origin] = entry
        self._names[name].append(entry)

    @staticmethod
    def _entry(origin: str, name: str, record: Record) -> RR:
        kind = getattr(QTYPE, record.type)
        return RR(DNSLabel(name), kind, CLASS.IN, ttl=record.ttl, rdata=_data(origin, record))

    def _origin(self, name: str) -> str | None:
        """Return the closest zone above the name."""
        labels = name.split(".")
        return next((o for at in range(len(labels)) if (o := ".".join(labels[at:])) in self._soa), None)

    def _exists(self, name: str) -> bool:
        """Tell whether the name has records, or lies between the zone and a name that has."""
        return name in self._names or name in self._soa or any(known.endswith(f".{name}") for known in self._names)

    def _entries(self, name: str, origin: str) -> list[RR] | None:
        """Return the records of a name, by a wildcard if need be; None when the name does not exist."""
        if self._exists(name):
            return self._names.get(name, [])
        parent = name
        while parent != origin:
            parent = parent.partition(".")[2]
            if self._exists(parent):
                break
        wild = self._names.get(f"*.{parent}")
        return None if wild is None else [RR(DNSLabel(name), e.rtype, e.rclass, e.ttl, e.rdata) for e in wild]

    def answer(self, request: DNSRecord, look_up: Callable[[DNSRecord], DNSRecord]) -> DNSRecord | None:
        """Answer a query about our zones; None for any other. An alias to elsewhere is followed by `look_up`."""
        name, wanted = _key(request.q.qname), request.q.qtype
        if self._origin(name) is None:
            return None
        reply = request.reply(ra=1, aa=1)
        for _ in range(ALIASES_AT_MOST):
            origin = self._origin(name)
            if origin is None:
                reply.add_answer(*look_up(DNSRecord.question(name, QTYPE.get(wanted))).rr)
                return reply
            entries = self._entries(name, origin)
            if entries is None:
                reply.header.rcode = RCODE.NXDOMAIN
                break
            found = [entry for entry in entries if wanted in (entry.rtype, QTYPE.ANY)]
            alias = next((entry for entry in entries if entry.rtype == QTYPE.CNAME), None)
            if found or alias is None:
                reply.add_answer(*found)
                break
            reply.add_answer(alias)
            name = _key(alias.rdata.label)
        if not any(entry.rtype == wanted for entry in reply.rr) and wanted != QTYPE.ANY and origin is not None:
            reply.add_auth(self._soa[origin])
        return reply
