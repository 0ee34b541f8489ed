"""An action in the database and as the API answers it."""

from typing import Literal

from pydantic import Field

from localcloud.collection import StoredRecord

ActionStatus = Literal["in-progress", "completed", "errored"]
Parameter = str | int | bool | list[str] | None


class ActionRecord(StoredRecord):
    """One piece of work, with all that is needed to do it again after a crash."""

    id: int
    type: str
    resource_type: str
    resource_id: int | None
    subject: str
    """The object's own key: a droplet's id, a volume's UUID, a reserved address."""
    region_slug: str
    started_at: str
    status: ActionStatus = "in-progress"
    completed_at: str | None = None
    droplet_ids: list[int] = Field(default_factory=list)
    """Droplets that are busy as long as this goes on."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    failure: str = ""

    @property
    def key(self) -> str:
        """The action's id."""
        return str(self.id)
