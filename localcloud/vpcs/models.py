"""VPCs: request bodies and record."""

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body

NAME_PATTERN = r"^[a-zA-Z0-9\-.]+$"


class VpcRecord(StoredRecord):
    """A private network."""

    id: str
    name: str
    description: str = ""
    region: str
    ip_range: str
    default: bool = False
    created_at: str

    @property
    def key(self) -> str:
        """The VPC's UUID."""
        return self.id

    @property
    def urn(self) -> str:
        """Its name in projects and in VPC answers."""
        return f"do:vpc:{self.id}"


class CreateVpc(Body):
    """Body of POST /v2/vpcs."""

    name: str
    region: str
    ip_range: str = ""
    description: str = ""


class UpdateVpc(Body):
    """Body of PUT and PATCH /v2/vpcs/UUID; what is not given stays."""

    name: str | None = None
    description: str | None = None
    default: bool | None = None
