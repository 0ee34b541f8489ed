"""Keyset pages: newest first by (created_at, id), so that a page costs the same at any depth."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query

from api.errors import CursorInvalid

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME_BYTES = 8
MICROSECOND = timedelta(microseconds=1)

CursorText = Annotated[str | None, Query(max_length=64, description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@dataclass(frozen=True)
class Cursor:
    """Where a page ended; the time is exact to the microsecond, as Postgres keeps it."""

    created_at: datetime
    id: UUID

    @classmethod
    def after(cls, rows: Sequence[Mapping[str, Any]], limit: int) -> str | None:
        """Return the cursor of the page after the first `limit` rows, if there are more than those."""
        return cls(rows[limit - 1]["created_at"], rows[limit - 1]["id"]).encode() if len(rows) > limit else None

    def encode(self) -> str:
        """Return the cursor as clients get it."""
        microseconds = (self.created_at - EPOCH) // MICROSECOND
        packed = microseconds.to_bytes(TIME_BYTES, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read a cursor that a client sent; raise `CursorInvalid` if it is none of ours."""
        try:
            packed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            microseconds = int.from_bytes(packed[:TIME_BYTES], "big", signed=True)
            return cls(EPOCH + microseconds * MICROSECOND, UUID(bytes=packed[TIME_BYTES:]))
        except (UnicodeEncodeError, binascii.Error, ValueError, OverflowError):
            raise CursorInvalid from None


# Before every row: the page that follows it is the first.
NEWEST = Cursor(datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


def cursor_of(text: str | None) -> Cursor:
    """Return where a page begins; without a cursor that is the newest row."""
    return NEWEST if text is None else Cursor.decode(text)


def like(part: str) -> str:
    """Return the pattern of texts that contain `part`, in which no character of it means anything."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
