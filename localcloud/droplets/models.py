"""Droplets: request bodies and record."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body

NAME_PATTERN = r"^[a-zA-Z0-9]?[a-z0-9A-Z.\-]*[a-z0-9A-Z]$"
DropletStatus = Literal["new", "active", "off", "archive"]


def _volume_id(given: object) -> object:
    return given["id"] if isinstance(given, dict) and "id" in given else given


VolumeId = Annotated[str, BeforeValidator(_volume_id)]
"""The published document has texts here, clients built on godo send objects with an id."""


class DropletRecord(StoredRecord):
    """A droplet."""

    id: int
    name: str
    hostname: str
    region: str
    size: str
    image: str
    status: DropletStatus = "new"
    disk_gb: int
    features: list[str]
    tags: list[str]
    vpc_uuid: str
    public_ip: str
    private_ip: str
    ssh_keys: list[str]
    user_data: str
    created_at: str
    is_made: bool = False
    """Whether the machine side has made it."""
    is_going: bool = False
    """Whether it is being destroyed."""

    @property
    def key(self) -> str:
        """The droplet's id."""
        return str(self.id)

    @property
    def urn(self) -> str:
        """Its name in projects."""
        return f"do:droplet:{self.id}"


class CreateDroplets(Body):
    """Body of POST /v2/droplets, with `name` for one or `names` for several."""

    name: str = ""
    names: list[str] = Field(default_factory=list)
    region: str = ""
    size: str
    image: str | int
    ssh_keys: list[int | str] = Field(default_factory=list)
    backups: bool = False
    ipv6: bool = False
    monitoring: bool = False
    private_networking: bool = True
    public_networking: bool = True
    with_droplet_agent: bool = True
    user_data: str = ""
    volumes: list[VolumeId] = Field(default_factory=list)
    vpc_uuid: str = ""
    tags: list[str] = Field(default_factory=list)


class DropletAction(Body):
    """Body of POST /v2/droplets/ID/actions."""

    type: str
    name: str = Field(default="", max_length=255)
    size: str = ""
    disk: bool = False
