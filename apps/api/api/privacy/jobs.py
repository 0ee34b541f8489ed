"""Posting jobs for the worker, and telling how they stand."""

from uuid import UUID

from starlette.responses import Response

from api.audit.queries import Action, record
from api.auth.queries import lock_by_id
from api.callers import Caller
from api.errors import SignInNeeded
from api.paths import published
from api.privacy import queries
from api.privacy.errors import JobUnknown
from api.privacy.models import Job, Kind
from api.resources import Resources
from api.sessions.queries import Actor
from api.users.models import PasswordProof
from api.users.proving import prove_password

RECORDED: dict[Kind, Action] = {"export_account": "export_requested", "delete_account": "deletion_requested"}


async def start(opened: Resources, actor: Actor, caller: Caller, kind: Kind, response: Response) -> Job:
    """Post a job, unless one of its kind has not ended yet."""
    async with opened.database.transaction() as connection:
        # Two requests at once must not make two jobs.
        if await lock_by_id(connection, account_id=actor.account_id) is None:
            raise SignInNeeded
        job = await queries.unfinished(connection, account_id=actor.account_id, kind=kind)
        if job is None:
            job = await queries.add(connection, account_id=actor.account_id, kind=kind)
            await record(connection, action=RECORDED[kind], caller=caller, account_id=actor.account_id, job=str(job.id))
    opened.queue.send_soon(kind, str(job.id))
    response.headers["Location"] = published(f"/jobs/{job.id}")
    return job


async def start_deletion(
    opened: Resources, actor: Actor, caller: Caller, proof: PasswordProof, response: Response
) -> Job:
    """Post the job that deletes the account, once its owner has proved to be there."""
    await prove_password(opened, actor, caller, proof.password, "password")
    return await start(opened, actor, caller, "delete_account", response)


async def read(opened: Resources, actor: Actor, job_id: UUID) -> Job:
    """Return one of the account's jobs; raise `JobUnknown` if it has none with this id."""
    async with opened.database.connection() as connection:
        job = await queries.one(connection, job_id=job_id, account_id=actor.account_id)
    if job is None:
        raise JobUnknown
    return job
