"""`GET /flags`."""

from fastapi import APIRouter

from api.errors import DatabaseUnavailable
from api.flags import queries
from api.flags.models import Flags
from api.problems import answers
from api.resources import ResourcesDep

router = APIRouter(tags=["flags"], responses=answers(DatabaseUnavailable))


@router.get("/flags")
async def list_flags(opened: ResourcesDep) -> Flags:
    """Tell which features are switched on."""
    async with opened.database.connection() as connection:
        return Flags(flags=await queries.flags(connection))
