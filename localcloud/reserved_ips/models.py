"""Reserved IPs: request bodies and record."""

from typing import Literal

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body


class ReservedIpRecord(StoredRecord):
    """A reserved address."""

    ip: str
    region: str
    droplet_id: int | None = None
    is_going: bool = False
    """Whether it is being given back; then the API no longer knows it."""

    @property
    def key(self) -> str:
        """The address."""
        return self.ip

    @property
    def urn(self) -> str:
        """Its name in projects."""
        return f"do:reservedip:{self.ip}"


class CreateReservedIp(Body):
    """Body of POST /v2/reserved_ips: a region to reserve in, or a droplet to assign to."""

    region: str = ""
    droplet_id: int = 0
    project_id: str = ""


class ReservedIpAction(Body):
    """Body of POST /v2/reserved_ips/IP/actions."""

    type: Literal["assign", "unassign"]
    droplet_id: int = 0
