"""Columns that many tables have, with the types that Python sees in them."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Length, Now

Key: TypeAlias = "models.UUIDField[UUID, UUID]"
Text: TypeAlias = "models.TextField[str, str]"
OptionalText: TypeAlias = "models.TextField[str | None, str | None]"
Count: TypeAlias = "models.SmallIntegerField[int | Combinable, int]"
Moment: TypeAlias = "models.DateTimeField[datetime | Combinable, datetime]"
OptionalMoment: TypeAlias = "models.DateTimeField[datetime | Combinable | None, datetime | None]"
OptionalAddress: TypeAlias = "models.GenericIPAddressField[str | None, str | None]"

HASH_BYTES = 32  # SHA-256
USER_AGENT_MAX = 400

models.TextField.register_lookup(Length)
models.BinaryField.register_lookup(Length)


def key() -> Key:
    """Return a key that the database makes."""
    return models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)


def moment() -> Moment:
    """Return a time that is the statement's unless a writer says otherwise."""
    return models.DateTimeField(db_default=Now(), editable=False)


def at_most(name: str, column: str, limit: int) -> models.CheckConstraint:
    """Return the rule that a column is not longer than `limit` characters, or bytes."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__length__lte": limit}), name=name)


def is_hash(name: str, column: str) -> models.CheckConstraint:
    """Return the rule that a column has the length of a SHA-256 hash."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__length": HASH_BYTES}), name=name)
