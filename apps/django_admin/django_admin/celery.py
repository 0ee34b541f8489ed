"""The Celery application, and the signs of life of its two processes.

celery -A django_admin.celery worker …
celery -A django_admin.celery beat …
"""

import os
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from celery import Celery
from celery.signals import after_task_publish, beat_init, heartbeat_sent, setup_logging

from django_admin import heartbeat

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_admin.settings")

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

app = Celery("slipway")
app.config_from_object("django.conf:settings", namespace="CELERY")


def task(name: str, **options: Any) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Register a task under the name by which others send it; Celery's own decorator has no types."""
    return cast(Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]], app.task(name=name, **options))


def send(name: str, *arguments: str) -> None:
    """Send a task by its name, once: a row that waits in the database says the same, and is found there."""
    app.send_task(name, arguments, retry=False)


def keep_django_logging(**_: Any) -> None:
    """Leave logging as Django's settings have it; that something listens keeps Celery from changing it."""


def note_worker_alive(**_: Any) -> None:
    """Called by the worker's event loop for as long as it is connected to the broker."""
    heartbeat.touch(heartbeat.WORKER)


def note_beat_alive(**_: Any) -> None:
    """Called when beat has sent a task, so only while the broker takes them."""
    heartbeat.touch(heartbeat.BEAT)


def watch_beat(**_: Any) -> None:
    """Count a sent task as a sign of life in the process that is beat, and in no other."""
    after_task_publish.connect(note_beat_alive, weak=False)
    note_beat_alive()


setup_logging.connect(keep_django_logging, weak=False)
heartbeat_sent.connect(note_worker_alive, weak=False)
beat_init.connect(watch_beat, weak=False)
