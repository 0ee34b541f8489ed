"""GET /v2/actions."""

from fastapi import APIRouter

from localcloud.actions.models import ActionRecord
from localcloud.cloud import Cloud
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter()


def action_shape(cloud: Cloud, action: ActionRecord) -> Answer:
    """Build the answer for one action."""
    shape = action.model_dump(
        include={"id", "status", "type", "started_at", "completed_at", "resource_id", "resource_type", "region_slug"}
    )
    return shape | {"region": cloud.catalogue.regions[action.region_slug].model_dump()}


def newest_first(actions: list[ActionRecord]) -> list[ActionRecord]:
    """Order actions as the API lists them."""
    return sorted(actions, key=lambda action: -action.id)


@router.get("/v2/actions")
def list_actions(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List all actions, newest first."""
    return paging.answer("actions", newest_first(cloud.state.actions.all()), lambda a: action_shape(cloud, a))


@router.get("/v2/actions/{action_id}")
def get_action(cloud: CloudDep, action_id: int) -> Answer:
    """Return one action."""
    return {"action": action_shape(cloud, cloud.state.actions.get(action_id))}
