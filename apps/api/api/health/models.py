"""Shapes of the health answers."""

from pydantic import BaseModel

from api.problems import Problem


class Health(BaseModel):
    """The answer when all is well."""

    ok: bool
    service: str
    db_ok: bool
    redis_ok: bool
    release: str


class HealthProblem(Health, Problem):
    """The same members within a problem document, when something that the API needs is down."""
