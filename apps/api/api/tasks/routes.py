"""`POST /celery/ping` and `GET /celery/result/{task_id}`."""

from uuid import UUID

from fastapi import APIRouter

from api.errors import DatabaseUnavailable, QueueUnavailable, SignInNeeded, StaffNeeded
from api.openapi import links
from api.problems import answers
from api.resources import ResourcesDep
from api.tasks.guard import StaffOrToken
from api.tasks.models import TaskAccepted, TaskResult

READY_STATES = frozenset({"SUCCESS", "FAILURE", "REVOKED"})

router = APIRouter(
    prefix="/celery",
    tags=["tasks"],
    dependencies=[StaffOrToken],
    responses=answers(SignInNeeded, StaffNeeded, QueueUnavailable, DatabaseUnavailable),
)


@router.post("/ping", responses={200: {"links": links("task_id", "readTaskResult", member="task_id")}})
async def send_ping(opened: ResourcesDep) -> TaskAccepted:
    """Send a task through the queue that a worker answers at once."""
    return TaskAccepted(task_id=await opened.queue.send("ping"))


@router.get("/result/{task_id}")
async def read_task_result(task_id: UUID, opened: ResourcesDep) -> TaskResult:
    """Tell how a task stands."""
    state = await opened.queue.state(str(task_id))
    return TaskResult(
        task_id=state.task_id,
        state=state.state,
        ready=state.state in READY_STATES,
        result=state.result,
        error=state.error,
    )
