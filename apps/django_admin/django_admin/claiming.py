"""Rows that wait in a table to be worked on, each by the one worker that claims it.

A claim is one UPDATE, so two workers never hold the same row. It lapses after LAPSE, which is longer than any task may
run: a row whose worker was killed is claimed by another. How long a row waits for its next attempt stands in the row
and not in the queue, so it outlives workers, Redis and releases. Whoever ends an attempt does so by `settle`, which
does nothing if the claim has lapsed meanwhile.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

LAPSE = timedelta(seconds=2 * settings.CELERY_TASK_TIME_LIMIT)
JITTER = 0.2  # so that rows that failed together do not come again together
SUMMARY_MAX = 500


class Claimed(Protocol):
    """What a row must have."""

    pk: Any
    attempts: Any


Row = TypeVar("Row", bound=Claimed)


@dataclass(frozen=True)
class Waiting(Generic[Row]):
    """The waiting rows of one table."""

    model: type[models.Model]
    waiting: str
    working: str
    claimed_at: str
    back_off: Sequence[timedelta]
    sweep_size: int = 100

    def rows(self) -> "models.QuerySet[Any]":
        """Return all of the table's rows."""
        return self.model._default_manager.all()

    def is_due(self) -> Q:
        """Return the condition of rows that somebody should work on now."""
        waiting = Q(status=self.waiting, next_attempt_at__lte=Now())
        return waiting | self.is_abandoned()

    def is_abandoned(self) -> Q:
        """Return the condition of rows whose worker has died."""
        return Q(status=self.working, **{f"{self.claimed_at}__lte": Now() - LAPSE})

    def due(self) -> "models.QuerySet[Any]":
        """Return the rows to work on, the longest waiting first; there may be more than these."""
        return self.rows().filter(self.is_due()).order_by("next_attempt_at")[: self.sweep_size]

    def claim(self, pk: UUID) -> Row | None:
        """Take a due row; None if it is not due, or another has it."""
        row: Row | None = None
        changes = {"status": self.working, self.claimed_at: Now(), "attempts": F("attempts") + 1}
        if self.rows().filter(self.is_due(), pk=pk).update(**changes):
            row = self.rows().get(pk=pk)
        return row

    def settle(self, row: Row, **columns: Any) -> bool:
        """Write how an attempt ended; False if the claim had lapsed and the row is another's by now."""
        held = self.rows().filter(pk=row.pk, status=self.working, attempts=row.attempts)
        return bool(held.update(**columns))

    def is_last_attempt(self, row: Row) -> bool:
        """Tell whether a row that fails now has no attempt left."""
        return bool(row.attempts > len(self.back_off))

    def put_back(self, row: Row, **columns: Any) -> bool:
        """Let a row wait for its next attempt, longer each time."""
        wait = self.back_off[row.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 -- no secret
        return self.settle(row, status=self.waiting, next_attempt_at=Now() + wait, **columns)

    def give_up_abandoned(self, **columns: Any) -> int:
        """End the rows that have killed a worker at every attempt, and return how many."""
        spent = self.rows().filter(self.is_abandoned(), attempts__gt=len(self.back_off))
        return int(spent.update(**columns))


def summary(error: BaseException) -> str:
    """Return an error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:SUMMARY_MAX]
