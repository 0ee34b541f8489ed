"""Groups of DigitalOcean's API that the local cloud does not have: said plainly, not as a missing object."""

from fastapi import APIRouter, Request

from localcloud.wire.errors import NotFound, NotOffered

router = APIRouter()

GROUPS = (
    "1-clicks",
    "add-ons",
    "apps",
    "billing_history",
    "byoip_prefixes",
    "cdn",
    "certificates",
    "customers",
    "databases",
    "floating_ips",
    "functions",
    "gen-ai",
    "kubernetes",
    "load_balancers",
    "monitoring",
    "nfs",
    "partner_network_connect",
    "registries",
    "registry",
    "reports",
    "reserved_ipv6",
    "security",
    "snapshots",
    "spaces",
    "uptime",
    "vpc_peerings",
)


@router.api_route("/v2/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def answer_unoffered(request: Request, path: str) -> None:
    """Answer 501 for a known group and 404 for anything else."""
    group = path.split("/")[0]
    if group in GROUPS:
        raise NotOffered(f"The local cloud does not offer {group}.")
    raise NotFound
