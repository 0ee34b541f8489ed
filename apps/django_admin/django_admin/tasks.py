"""The background tasks that belong to no table. Each takes ids or nothing, is thin, and may run twice."""

from datetime import UTC, datetime

from django.conf import settings

from django_admin.celery import app, task
from django_admin.purging import purge

LAST_HEARTBEAT_KEY = "slipway:last-heartbeat"
LAST_HEARTBEAT_KEPT_S = 3600


@task("ping")
def ping() -> dict[str, object]:
    """Answer, so that whoever sent this knows that queue, worker and result store work."""
    return {"pong": True, "release": settings.RELEASE}


@task("heartbeat", ignore_result=True)
def note_heartbeat() -> None:
    """Leave the time in Redis: schedule, queue and worker all worked then."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    app.backend.client.set(LAST_HEARTBEAT_KEY, now, ex=LAST_HEARTBEAT_KEPT_S)


@task("purge_expired", ignore_result=True)
def purge_expired() -> None:
    """Delete what has served its time; what does not fit into one run is left to the next."""
    purge()
