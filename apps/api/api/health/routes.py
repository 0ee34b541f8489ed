"""`GET /health`."""

import asyncio

from fastapi import APIRouter, Request, Response

from api.errors import DependencyUnavailable
from api.health.checks import is_available
from api.health.models import Health, HealthProblem
from api.problems import ProblemResponse, problem_of
from api.readiness import READINESS
from api.resources import ResourcesDep

router = APIRouter(tags=["health"])


@router.get("/health", response_model=Health, responses={503: {"model": HealthProblem}})
async def health(request: Request, response: Response, opened: ResourcesDep) -> Health | Response:
    """Tell whether the API and what it needs are up; the answer comes at once even when they hang."""
    limit_s = opened.settings.health_timeout_s
    db_ok, redis_ok = await asyncio.gather(
        is_available(opened.database.check, limit_s), is_available(opened.redis.check, limit_s)
    )
    state = Health(
        ok=db_ok and redis_ok and not READINESS.is_draining,
        service="api",
        db_ok=db_ok,
        redis_ok=redis_ok,
        release=opened.settings.release,
    )
    if state.ok:
        response.headers["Cache-Control"] = "no-store"
        return state
    down = [name for name, is_up in (("Postgres", db_ok), ("Redis", redis_ok)) if not is_up]
    error = DependencyUnavailable(f"Not answering: {', '.join(down)}." if down else "This process is about to stop.")
    return ProblemResponse(problem_of(error, request), error.headers, **state.model_dump())
