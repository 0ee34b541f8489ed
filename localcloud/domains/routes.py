"""/v2/domains."""

from fastapi import APIRouter

from localcloud.cloud import Cloud
from localcloud.domains.models import DEFAULT_TTL, CreateDomain, CreateRecord, DomainRecord, UpdateRecord, ZoneRecord
from localcloud.domains.zonefile import zone_file
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter(prefix="/v2/domains")


def _shape(cloud: Cloud, domain: DomainRecord) -> Answer:
    text = zone_file(domain, cloud.domains.records(domain.name))
    return {"name": domain.name, "ttl": DEFAULT_TTL, "zone_file": text}


def _record(record: ZoneRecord) -> Answer:
    return record.model_dump(exclude={"domain"})


def _full_name(record: ZoneRecord) -> str:
    return record.domain if record.name == "@" else f"{record.name}.{record.domain}"


@router.get("")
def list_domains(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the domains."""
    return paging.answer("domains", cloud.state.domains.all(), lambda domain: _shape(cloud, domain))


@router.post("", status_code=201)
def create_domain(cloud: CloudDep, body: CreateDomain) -> Answer:
    """Make a domain; zone file and TTL come with the first read, as on the real service."""
    return {"domain": {"name": cloud.domains.create(body).name, "ttl": None, "zone_file": None}}


@router.get("/{name}")
def get_domain(cloud: CloudDep, name: str) -> Answer:
    """Return one domain."""
    return {"domain": _shape(cloud, cloud.state.domains.get(name.lower()))}


@router.delete("/{name}", status_code=204)
def delete_domain(cloud: CloudDep, name: str) -> None:
    """Remove a domain with its records."""
    cloud.domains.delete(name)


@router.get("/{domain}/records")
def list_records(cloud: CloudDep, paging: PagingDep, domain: str, name: str = "", type: str = "") -> Answer:  # noqa: A002
    """List a domain's records, by full name and type if given."""
    records = cloud.domains.records(domain)
    found = [
        r for r in records if (not name or _full_name(r) == name.rstrip(".").lower()) and (not type or r.type == type)
    ]
    return paging.answer("domain_records", found, _record)


@router.post("/{domain}/records", status_code=201)
def create_record(cloud: CloudDep, domain: str, body: CreateRecord) -> Answer:
    """Add a record."""
    return {"domain_record": _record(cloud.domains.add(domain, body))}


@router.get("/{domain}/records/{record_id}")
def get_record(cloud: CloudDep, domain: str, record_id: int) -> Answer:
    """Return one record."""
    return {"domain_record": _record(cloud.domains.record(domain, record_id))}


@router.put("/{domain}/records/{record_id}")
@router.patch("/{domain}/records/{record_id}")
def update_record(cloud: CloudDep, domain: str, record_id: int, body: UpdateRecord) -> Answer:
    """Change a record."""
    return {"domain_record": _record(cloud.domains.change(domain, record_id, body))}


@router.delete("/{domain}/records/{record_id}", status_code=204)
def delete_record(cloud: CloudDep, domain: str, record_id: int) -> None:
    """Remove a record."""
    cloud.domains.remove(domain, record_id)
