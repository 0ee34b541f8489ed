"""Where one instance keeps its files, and what its objects on this machine are called."""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Network
from pathlib import Path

from localcloud.settings import Settings

INSTANCE_LABEL = "localcloud.instance"
DROPLET_LABEL = "localcloud.droplet"
ACME_HOST = "acme.localcloud.test"
ACME_PORT = 14000
ACME_MANAGEMENT_PORT = 15000


@dataclass(frozen=True)
class Place:
    """The files and names of one instance; everything outside `home` carries the instance's name or a hash of it."""

    name: str
    home: Path
    subnet: IPv4Network
    acme_image: str

    @classmethod
    def of(cls, settings: Settings) -> "Place":
        """Derive the place from the settings."""
        return cls(settings.name, settings.home.resolve(), settings.subnet, settings.acme_image)

    @property
    def label(self) -> str:
        """The label of every Docker object of this instance."""
        return f"{INSTANCE_LABEL}={self.name}"

    @property
    def gateway(self) -> str:
        """The host's address on the public network."""
        return str(self.subnet.network_address + 1)

    @property
    def acme_address(self) -> str:
        """The ACME server's address on the public network."""
        return str(self.subnet.network_address + 3)

    @property
    def acme_url(self) -> str:
        """The ACME directory as clients write it."""
        return f"https://{ACME_HOST}:{ACME_PORT}/dir"

    @property
    def public_network(self) -> str:
        """The Docker network with the public addresses."""
        return f"localcloud-{self.name}-public"

    @property
    def public_bridge(self) -> str:
        """The public network's interface on the host."""
        return self.interface("p", "public")

    @property
    def acme_container(self) -> str:
        """The ACME server's container."""
        return f"localcloud-{self.name}-acme"

    @property
    def acme_home(self) -> Path:
        """Certificates and configuration of the ACME server."""
        return self.home / "acme"

    @property
    def issuing_roots(self) -> Path:
        """The bundle of every root that an ACME server of this instance has issued from."""
        return self.acme_home / "roots.pem"

    @property
    def endpoint_authority(self) -> Path:
        """The authority behind the ACME server's own TLS."""
        return self.acme_home / "endpoint-ca.pem"

    @property
    def droplets(self) -> Path:
        """One folder per droplet."""
        return self.home / "droplets"

    @property
    def volumes(self) -> Path:
        """One image and one record per volume."""
        return self.home / "volumes"

    @property
    def vpcs(self) -> Path:
        """One record per private network."""
        return self.home / "vpcs"

    def droplet_container(self, droplet_id: int) -> str:
        """Name the droplet's container."""
        return f"localcloud-{self.name}-droplet-{droplet_id}"

    def interface(self, kind: str, key: str) -> str:
        """Name a network interface; the kernel allows 15 characters, so instance and key are hashed."""
        return f"lc{kind}-{sha256(f'{self.name}/{key}'.encode()).hexdigest()[:10]}"
