import pytest

from api.items.etags import etag, names


def test_a_tag_is_the_version_in_quotes() -> None:
    assert etag(7) == '"7"'


@pytest.mark.parametrize(
    ("header", "strongly", "weakly"),
    [
        (None, False, False),
        ("", False, False),
        ('"7"', True, True),
        (' "6" ,"7" ', True, True),
        ("*", True, True),
        ('W/"7"', False, True),
        ('"77"', False, False),
        ("7", False, False),
        ('"7', False, False),
    ],
)
def test_weak_tags_count_for_reading_only(header: str | None, strongly: bool, weakly: bool) -> None:
    assert names(header, 7, weakly=False) is strongly
    assert names(header, 7, weakly=True) is weakly
