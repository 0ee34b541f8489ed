import base64
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import CursorInvalid
from api.pages import NEWEST, Cursor, cursor_of, like

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


def test_without_a_cursor_a_page_begins_before_every_row() -> None:
    start = cursor_of(None)
    assert start == NEWEST
    assert (start.created_at, start.id) > (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 2))


def test_there_is_a_next_page_only_when_a_row_more_than_asked_was_found() -> None:
    rows = [{"created_at": datetime(2026, 1, day, tzinfo=UTC), "id": UUID(int=day)} for day in (3, 2, 1)]
    assert Cursor.after(rows, 3) is None
    following = Cursor.after(rows, 2)
    assert following is not None
    assert Cursor.decode(following) == Cursor(datetime(2026, 1, 2, tzinfo=UTC), UUID(int=2))


@pytest.mark.parametrize(("part", "pattern"), [("boat", "%boat%"), ("50%_", r"%50\%\_%"), ("a\\b", r"%a\\b%")])
def test_a_pattern_takes_every_character_as_it_is(part: str, pattern: str) -> None:
    assert like(part) == pattern
