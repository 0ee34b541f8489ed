"""A domain's zone file, in the text form of RFC 1035."""

from localcloud.domains.models import DEFAULT_TTL, DomainRecord, ZoneRecord
from localcloud.domains.rules import absolute


def zone_file(domain: DomainRecord, records: list[ZoneRecord]) -> str:
    """Write the zone as text."""
    lines = [f"$ORIGIN {domain.name}.", f"$TTL {DEFAULT_TTL}"]
    lines += [f"{_owner(r, domain)} IN {r.ttl} {r.type} {_data(r, domain)}".strip() for r in records]
    return "\n".join(lines) + "\n"


def _owner(record: ZoneRecord, domain: DomainRecord) -> str:
    return f"{domain.name}." if record.name == "@" else f"{record.name}.{domain.name}."


def _data(record: ZoneRecord, domain: DomainRecord) -> str:
    target = absolute(record.data, domain.name) + "."
    match record.type:
        case "SOA":
            return f"ns1.digitalocean.com. hostmaster.{domain.name}. {domain.serial} 10800 3600 604800 1800"
        case "CNAME" | "NS":
            return target
        case "MX":
            return f"{record.priority} {target}"
        case "SRV":
            return f"{record.priority} {record.weight} {record.port} {target}"
        case "CAA":
            return f'{record.flags} {record.tag} "{record.data}"'
        case "TXT":
            escaped = record.data.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case "A" | "AAAA":
            return record.data
