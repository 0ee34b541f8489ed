"""The cursor of an item page: the last row seen, in a form that clients hand back and do not read."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from api.errors import CursorInvalid
from api.items.models import Item

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME_BYTES = 8
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """Where a page ended; the time is exact to the microsecond, as Postgres keeps it."""

    created_at: datetime
    id: UUID

    @classmethod
    def after(cls, item: Item) -> Self:
        """Return the cursor of the page that follows `item`."""
        return cls(item.created_at, item.id)

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
