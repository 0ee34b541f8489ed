"""`POST /privacy/export`, `POST /privacy/delete`, `GET /jobs/{job_id}`."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.auth.errors import HashingBusy, PasswordWrong
from api.callers import CallerDep
from api.errors import DatabaseUnavailable, LimitsUnavailable, SignInNeeded
from api.openapi import links
from api.privacy import jobs
from api.privacy.errors import JobUnknown
from api.privacy.models import Job
from api.problems import answers
from api.resources import ResourcesDep
from api.sessions.actor import SignedIn
from api.users.models import PasswordProof

router = APIRouter(tags=["privacy"], responses=answers(SignInNeeded, DatabaseUnavailable))
LOCATION: dict[str, Any] = {
    "Location": {"description": "Path of the job", "schema": {"type": "string", "format": "uri-reference"}}
}

JOB_LINKS = links("job_id", "readJob")


@router.post("/privacy/export", status_code=202, responses={202: {"headers": LOCATION, "links": JOB_LINKS}})
async def request_export(opened: ResourcesDep, actor: SignedIn, caller: CallerDep, response: Response) -> Job:
    """Have everything gathered that is kept of one's account; a job that has not ended is returned again."""
    return await jobs.start(opened, actor, caller, "export_account", response)


@router.post(
    "/privacy/delete",
    status_code=202,
    responses={
        202: {"headers": LOCATION, "links": JOB_LINKS},
        **answers(PasswordWrong, LimitsUnavailable, HashingBusy),
    },
)
async def request_deletion(
    proof: PasswordProof, opened: ResourcesDep, actor: SignedIn, caller: CallerDep, response: Response
) -> Job:
    """Have one's account deleted by a worker; once that is done, nobody can read the job."""
    return await jobs.start_deletion(opened, actor, caller, proof, response)


@router.get("/jobs/{job_id}", responses=answers(JobUnknown))
async def read_job(job_id: UUID, opened: ResourcesDep, actor: SignedIn) -> Job:
    """Tell how one of one's own jobs stands."""
    return await jobs.read(opened, actor, job_id)
