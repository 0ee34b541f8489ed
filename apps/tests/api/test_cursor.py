import base64
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import CursorInvalid
from api.items.cursor import Cursor

MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))


@given(MOMENTS, st.uuids())
def test_a_cursor_comes_back_exactly(moment: datetime, item_id: UUID) -> None:
    assert Cursor.decode(Cursor(moment, item_id).encode()) == Cursor(moment, item_id)


def test_a_cursor_is_the_same_for_one_moment_in_any_time_zone() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 89, UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=9)))
    assert Cursor(moment, UUID(int=1)).encode() == Cursor(elsewhere, UUID(int=1)).encode()


@pytest.mark.parametrize(
    "text",
    ["", "x", "not base64!", "ü", "AAAA", base64.urlsafe_b64encode(b"\x7f" + b"\xff" * 23).decode(), "A" * 64],
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorInvalid):
        Cursor.decode(text)
