"""Projects: request bodies and records."""

from typing import Annotated

from pydantic import BeforeValidator

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body

ENVIRONMENTS = ("Development", "Staging", "Production")


def _environment(given: object) -> object:
    for name in ENVIRONMENTS:
        if isinstance(given, str) and given.lower() == name.lower():
            return name
    raise ValueError(f"must be one of {', '.join(ENVIRONMENTS)}")


Environment = Annotated[str, BeforeValidator(_environment)]


class ProjectRecord(StoredRecord):
    """A project."""

    id: str
    name: str
    description: str
    purpose: str
    environment: str
    is_default: bool
    created_at: str
    updated_at: str

    @property
    def key(self) -> str:
        """The project's UUID."""
        return self.id


class AssignmentRecord(StoredRecord):
    """That a resource belongs to a project other than the default one."""

    urn: str
    project_id: str
    assigned_at: str

    @property
    def key(self) -> str:
        """The resource's URN: it is in one project at most."""
        return self.urn


class CreateProject(Body):
    """Body of POST /v2/projects."""

    name: str
    purpose: str
    description: str = ""
    environment: Environment = "Development"


class ReplaceProject(Body):
    """Body of PUT /v2/projects/UUID: all fields."""

    name: str
    purpose: str
    description: str
    environment: Environment
    is_default: bool


class UpdateProject(Body):
    """Body of PATCH /v2/projects/UUID; what is not given stays."""

    name: str | None = None
    purpose: str | None = None
    description: str | None = None
    environment: Environment | None = None
    is_default: bool | None = None


class ResourceUrns(Body):
    """Body of POST /v2/projects/UUID/resources."""

    resources: list[str]
