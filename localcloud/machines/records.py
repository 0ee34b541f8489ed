"""What the machine side remembers about droplets, volumes and private networks: one JSON file each, under HOME."""

from ipaddress import IPv4Network
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from localcloud.errors import RuntimeFailure
from localcloud.machines.place import Place
from localcloud.runtime import DropletSpec, FirewallSpec, VolumeSpec


class VolumeLink(BaseModel):
    """A volume that a droplet sees, under the name it had when it was attached."""

    model_config = ConfigDict(frozen=True)
    volume_id: str
    name: str
    letter: str
    """The device is /dev/sd<letter>, and stays so while attached."""


class DropletRecord(BaseModel):
    """A droplet and everything that has to be made again at each of its boots."""

    model_config = ConfigDict(frozen=True)
    spec: DropletSpec
    image_id: str
    """The image of its first boot: its disk holds only what differs from it."""
    is_on: bool = True
    volumes: tuple[VolumeLink, ...] = ()
    reserved_ips: tuple[str, ...] = ()
    firewall: FirewallSpec | None = None


class VolumeRecord(BaseModel):
    """A volume; its image lies beside the record."""

    model_config = ConfigDict(frozen=True)
    spec: VolumeSpec


class VpcRecord(BaseModel):
    """A private network."""

    model_config = ConfigDict(frozen=True)
    vpc_id: str
    cidr: IPv4Network


def write(path: Path, record: BaseModel) -> None:
    """Write a record in one move; only root may read it, as user data may hold secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(record.model_dump_json(indent=2), encoding="utf-8")
    draft.replace(path)


class Shelf:
    """Reads and writes the records of one instance."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def droplet_path(self, droplet_id: int) -> Path:
        """Where the droplet's record lies."""
        return self._place.droplets / str(droplet_id) / "droplet.json"

    def find_droplet(self, droplet_id: int) -> DropletRecord | None:
        """Return the droplet's record, None when there is none."""
        path = self.droplet_path(droplet_id)
        return DropletRecord.model_validate_json(path.read_bytes()) if path.is_file() else None

    def droplet(self, droplet_id: int) -> DropletRecord:
        """Return the droplet's record; RuntimeFailure when there is none."""
        record = self.find_droplet(droplet_id)
        if record is None:
            raise RuntimeFailure(f"there is no droplet {droplet_id} on this machine: create it first")
        return record

    def droplets(self) -> list[DropletRecord]:
        """Return every droplet's record."""
        paths = sorted(self._place.droplets.glob("*/droplet.json"))
        return [DropletRecord.model_validate_json(path.read_bytes()) for path in paths]

    def save_droplet(self, record: DropletRecord) -> None:
        """Keep the droplet's record."""
        write(self.droplet_path(record.spec.id), record)

    def volume_path(self, volume_id: str) -> Path:
        """Where the volume's record lies."""
        return self._place.volumes / f"{volume_id}.json"

    def volume(self, volume_id: str) -> VolumeRecord:
        """Return the volume's record; RuntimeFailure when there is none."""
        path = self.volume_path(volume_id)
        if not path.is_file():
            raise RuntimeFailure(f"there is no volume {volume_id} on this machine: create it first")
        return VolumeRecord.model_validate_json(path.read_bytes())

    def vpc_path(self, vpc_id: str) -> Path:
        """Where the private network's record lies."""
        return self._place.vpcs / f"{vpc_id}.json"

    def vpc(self, vpc_id: str) -> VpcRecord:
        """Return the private network's record; RuntimeFailure when there is none."""
        path = self.vpc_path(vpc_id)
        if not path.is_file():
            raise RuntimeFailure(f"there is no VPC {vpc_id} on this machine: create it first")
        return VpcRecord.model_validate_json(path.read_bytes())

    def vpcs(self) -> list[VpcRecord]:
        """Return every private network's record."""
        return [VpcRecord.model_validate_json(path.read_bytes()) for path in sorted(self._place.vpcs.glob("*.json"))]
