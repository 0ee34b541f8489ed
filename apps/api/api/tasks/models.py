"""Shapes of task answers."""

from typing import Any

from pydantic import BaseModel


class TaskAccepted(BaseModel):
    """The id under which the task's result can be asked for."""

    task_id: str


class TaskResult(BaseModel):
    """The state of a task: PENDING (also when unknown), STARTED, RETRY, SUCCESS or FAILURE."""

    task_id: str
    state: str
    ready: bool
    result: Any = None
    error: str | None = None
