"""The background tasks. Each takes ids or nothing, is thin, and may run twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import settings

from django_admin.celery import app

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

LAST_HEARTBEAT_KEY = "slipway:last-heartbeat"
LAST_HEARTBEAT_KEPT_S = 3600


def task(name: str, **options: Any) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Register a task under the name by which others send it; Celery's own decorator has no types."""
    return cast(Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]], app.task(name=name, **options))


@task("ping")
def ping() -> dict[str, object]:
    """Answer, so that whoever sent this knows that queue, worker and result store work."""
    return {"pong": True, "release": settings.RELEASE}


@task("heartbeat", ignore_result=True)
def note_heartbeat() -> None:
    """Leave the time in Redis: schedule, queue and worker all worked then."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    app.backend.client.set(LAST_HEARTBEAT_KEY, now, ex=LAST_HEARTBEAT_KEPT_S)
