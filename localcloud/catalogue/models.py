"""Shapes of regions, sizes and images, as the API answers them."""

from pydantic import BaseModel, Field


class DiskAmount(BaseModel):
    """An amount with its unit."""

    amount: int
    unit: str = "gib"


class Disk(BaseModel):
    """One disk of a size."""

    type: str = "local"
    size: DiskAmount


class Region(BaseModel):
    """A data centre."""

    name: str
    slug: str
    features: list[str]
    available: bool
    sizes: list[str]


class Size(BaseModel):
    """What a droplet may be like, and its price."""

    slug: str
    memory: int
    vcpus: int
    disk: int
    transfer: float
    price_monthly: float
    price_hourly: float
    regions: list[str]
    available: bool = True
    description: str
    disk_info: list[Disk]


class Image(BaseModel):
    """What a droplet may boot."""

    id: int
    name: str
    distribution: str
    slug: str
    public: bool = True
    regions: list[str]
    created_at: str
    min_disk_size: int = 7
    type: str = "base"
    size_gigabytes: float
    description: str
    tags: list[str] = Field(default_factory=list)
    status: str = "available"
    error_message: str = ""
