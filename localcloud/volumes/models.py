"""Volumes: request bodies and record."""

from typing import Literal

from pydantic import Field

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body

NAME_PATTERN = r"^[a-z][a-z0-9-]{0,62}[a-z0-9]$|^[a-z]$"
LABEL_LENGTH = {"ext4": 16, "xfs": 12}
LARGEST_GB = 16384


class VolumeRecord(StoredRecord):
    """A volume."""

    id: str
    name: str
    description: str
    region: str
    size_gb: int
    filesystem_type: str
    filesystem_label: str
    droplet_ids: list[int] = Field(default_factory=list)
    tags: list[str]
    created_at: str

    @property
    def key(self) -> str:
        """The volume's UUID."""
        return self.id

    @property
    def urn(self) -> str:
        """Its name in projects."""
        return f"do:volume:{self.id}"


class CreateVolume(Body):
    """Body of POST /v2/volumes; an empty text is the same as none."""

    name: str
    region: str
    size_gigabytes: int
    description: str = ""
    filesystem_type: str = ""
    filesystem_label: str = ""
    snapshot_id: str = ""
    tags: list[str] = Field(default_factory=list)


class VolumeAction(Body):
    """Body of POST /v2/volumes/UUID/actions, and with `volume_name` of POST /v2/volumes/actions."""

    type: Literal["attach", "detach", "resize"]
    droplet_id: int = 0
    size_gigabytes: int = 0
    region: str = ""
    volume_name: str = ""
