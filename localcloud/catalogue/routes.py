"""GET /v2/regions, /v2/sizes and /v2/images."""

from fastapi import APIRouter
from pydantic import BaseModel

from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter()


def _shape(item: BaseModel) -> Answer:
    return item.model_dump(mode="json")


@router.get("/v2/regions")
def list_regions(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the data centres."""
    return paging.answer("regions", list(cloud.catalogue.regions.values()), _shape)


@router.get("/v2/sizes")
def list_sizes(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List what a droplet may be like."""
    return paging.answer("sizes", list(cloud.catalogue.sizes.values()), _shape)


@router.get("/v2/images")
def list_images(
    cloud: CloudDep,
    paging: PagingDep,
    type: str = "",  # noqa: A002
    private: bool = False,
    tag_name: str = "",
) -> Answer:
    """List the images; the account has none of its own, so a private or tagged list is empty."""
    none = private or tag_name or type == "application"
    return paging.answer("images", [] if none else list(cloud.catalogue.images.values()), _shape)


@router.get("/v2/images/{image_id}")
def get_image(cloud: CloudDep, image_id: str) -> Answer:
    """Return one image by id or slug."""
    return {"image": _shape(cloud.catalogue.image(image_id))}
