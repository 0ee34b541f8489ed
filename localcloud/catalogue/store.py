"""The catalogue: the part of DigitalOcean's offer that the local cloud knows. It never changes."""

from localcloud.catalogue.models import Disk, DiskAmount, Image, Region, Size
from localcloud.wire.errors import NotFound, Unprocessable

FEATURES = ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"]
BOOTABLE = "debian-13-x64"

_REGIONS = {
    "ams3": "Amsterdam 3",
    "atl1": "Atlanta 1",
    "blr1": "Bangalore 1",
    "fra1": "Frankfurt 1",
    "lon1": "London 1",
    "nyc1": "New York 1",
    "nyc2": "New York 2",
    "nyc3": "New York 3",
    "sfo2": "San Francisco 2",
    "sfo3": "San Francisco 3",
    "sgp1": "Singapore 1",
    "syd1": "Sydney 1",
    "tor1": "Toronto 1",
}

# slug, description, memory (MiB), vCPUs, disk (GiB), transfer (TiB), USD a month, USD an hour
_SIZES = [
    ("s-1vcpu-512mb-10gb", "Basic", 512, 1, 10, 0.5, 4.0, 0.00595),
    ("s-1vcpu-1gb", "Basic", 1024, 1, 25, 1.0, 6.0, 0.00893),
    ("s-1vcpu-2gb", "Basic", 2048, 1, 50, 2.0, 12.0, 0.01786),
    ("s-2vcpu-2gb", "Basic", 2048, 2, 60, 3.0, 18.0, 0.02679),
    ("s-2vcpu-4gb", "Basic", 4096, 2, 80, 4.0, 24.0, 0.03571),
    ("s-4vcpu-8gb", "Basic", 8192, 4, 160, 5.0, 48.0, 0.07143),
    ("s-8vcpu-16gb", "Basic", 16384, 8, 320, 6.0, 96.0, 0.14286),
    ("c-2", "CPU-Optimized", 4096, 2, 25, 4.0, 42.0, 0.0625),
    ("g-2vcpu-8gb", "General Purpose", 8192, 2, 25, 4.0, 63.0, 0.09375),
]

# id, slug, distribution, name, size (GB), day it appeared
_IMAGES = [
    (200114305, "debian-13-x64", "Debian", "13 x64", 1.21, "2025-08-18"),
    (138976022, "debian-12-x64", "Debian", "12 x64", 1.14, "2023-06-22"),
    (155133621, "ubuntu-24-04-x64", "Ubuntu", "24.04 (LTS) x64", 2.09, "2024-05-02"),
    (129211873, "ubuntu-22-04-x64", "Ubuntu", "22.04 (LTS) x64", 2.32, "2023-03-17"),
]


def _size(row: tuple[str, str, int, int, int, float, float, float]) -> Size:
    slug, description, memory, vcpus, disk, transfer, monthly, hourly = row
    return Size(
        slug=slug,
        description=description,
        memory=memory,
        vcpus=vcpus,
        disk=disk,
        transfer=transfer,
        price_monthly=monthly,
        price_hourly=hourly,
        regions=list(_REGIONS),
        disk_info=[Disk(size=DiskAmount(amount=disk))],
    )


def _image(row: tuple[int, str, str, str, float, str]) -> Image:
    number, slug, distribution, name, size_gb, day = row
    return Image(
        id=number,
        slug=slug,
        distribution=distribution,
        name=name,
        size_gigabytes=size_gb,
        created_at=f"{day}T14:00:00Z",
        regions=[region for region in _REGIONS if region != "atl1"],  # the published document's list lacks it
        description=f"{distribution} {name}",
    )


class Catalogue:
    """Regions, sizes and images by slug."""

    def __init__(self) -> None:
        slugs = [row[0] for row in _SIZES]
        self.regions = {
            slug: Region(name=name, slug=slug, features=FEATURES, available=True, sizes=slugs)
            for slug, name in _REGIONS.items()
        }
        self.sizes = {row[0]: _size(row) for row in _SIZES}
        self.images = {row[1]: _image(row) for row in _IMAGES}

    def region(self, slug: str, purpose: str) -> Region:
        """Return the region; Unprocessable says for what it was asked."""
        if slug not in self.regions:
            raise Unprocessable(f"You specified an invalid region for {purpose} creation.")
        return self.regions[slug]

    def size(self, slug: str) -> Size:
        """Return the size; Unprocessable when there is none."""
        if slug not in self.sizes:
            raise Unprocessable("You specified an invalid size for Droplet creation.")
        return self.sizes[slug]

    def image(self, wanted: str | int) -> Image:
        """Return the image with this slug or id; NotFound when there is none."""
        for image in self.images.values():
            if str(wanted) in (image.slug, str(image.id)):
                return image
        raise NotFound

    def bootable_image(self, wanted: str | int) -> Image:
        """Return the image for a new droplet; Unprocessable when it can't be booted here."""
        try:
            image = self.image(wanted)
        except NotFound as error:
            raise Unprocessable("You specified an invalid image for Droplet creation.") from error
        if image.slug != BOOTABLE:
            raise Unprocessable(f"The local cloud boots no {image.slug} Droplets, only {BOOTABLE}.")
        return image
