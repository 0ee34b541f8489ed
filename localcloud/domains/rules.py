"""What DigitalOcean accepts as a record, and the form in which it keeps it."""

import re
from ipaddress import IPv4Address, IPv6Address

from localcloud.domains.models import LOWEST_TTL, CreateRecord, ZoneRecord
from localcloud.wire.errors import Unprocessable

LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
HOST = re.compile(rf"(?:\*\.)?{LABEL}(?:\.{LABEL})*")
CAA_TAGS = ("issue", "issuewild", "iodef")
# Which of the numbered fields a type has; the others are answered as null.
FIELDS = {"MX": ("priority",), "SRV": ("priority", "weight", "port"), "CAA": ("flags", "tag")}


def checked_domain(name: str) -> str:
    """Return the domain's name in lower case without final dot, or refuse it."""
    plain = name.rstrip(".").lower()
    if not HOST.fullmatch(plain) or "." not in plain or len(plain) > 253:
        raise Unprocessable("Name Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)")
    return plain


def normal_record(number: int, domain: str, body: CreateRecord) -> ZoneRecord:
    """Return the record in the form in which the API keeps and answers it, or refuse it."""
    if body.ttl < LOWEST_TTL:
        raise Unprocessable(f"Ttl must be greater than or equal to {LOWEST_TTL}")
    fields = FIELDS.get(body.type, ())
    values = {name: getattr(body, name) for name in fields}
    for name, value in values.items():
        if value is None:
            raise Unprocessable(f"{name.capitalize()} can't be blank")
        if isinstance(value, int) and not 0 <= value <= (255 if name == "flags" else 65535):
            raise Unprocessable(f"{name.capitalize()} is out of range")
    if body.type == "CAA" and body.tag not in CAA_TAGS:
        raise Unprocessable(f"Tag must be one of {', '.join(CAA_TAGS)}")
    return ZoneRecord(
        id=number,
        domain=domain,
        type=body.type,
        name=_normal_name(body.name, domain),
        data=_normal_data(body),
        ttl=body.ttl,
        **values,
    )


def refuse_clash(record: ZoneRecord, others: list[ZoneRecord]) -> None:
    """Refuse a CNAME beside other records of the same name, and a record beside a CNAME, and twins."""
    for other in others:
        if other.id == record.id or other.name.lower() != record.name.lower():
            continue
        if "CNAME" in (record.type, other.type):
            raise Unprocessable("CNAME records cannot share a name with other records")
        same = record.model_dump(exclude={"id", "ttl"}) == other.model_dump(exclude={"id", "ttl"})
        if same:
            raise Unprocessable("the record already exists")


def absolute(text: str, zone: str) -> str:
    """Return a kept host name as an absolute one."""
    return zone if text == "@" else text


def _normal_name(name: str, domain: str) -> str:
    if name.endswith("."):
        plain = name[:-1]
        name = "@" if plain.lower() == domain else plain.removesuffix(f".{domain}")
    if name in ("", "@"):
        return "@"
    if name != "*" and not HOST.fullmatch(name):
        raise Unprocessable("Name is not a valid host name")
    return name


def _normal_data(body: CreateRecord) -> str:
    if not body.data:
        raise Unprocessable("Data can't be blank")
    match body.type:
        case "A":
            return _address(body.data, IPv4Address, "IPv4")
        case "AAAA":
            return _address(body.data, IPv6Address, "IPv6")
        case "CNAME" | "MX" | "NS" | "SRV":
            return _host(body.data)
        case "CAA":
            return body.data if body.tag == "iodef" or body.data == ";" else _host(body.data)
        case "SOA":
            raise Unprocessable("a domain has exactly one SOA record, which can't be made")
        case "TXT":
            return body.data


def _address(data: str, kind: type[IPv4Address] | type[IPv6Address], label: str) -> str:
    try:
        kind(data)
    except ValueError as error:
        raise Unprocessable(f"Data is not a valid {label} address") from error
    return data


def _host(data: str) -> str:
    if data == "@":
        return data
    if not data.endswith("."):
        raise Unprocessable("Data needs to end with a dot (.)")
    if not HOST.fullmatch(data[:-1]):
        raise Unprocessable("Data is not a valid host name")
    return data[:-1]
