"""A release that is no good is refused with its cause; nobody who is at work notices it."""

from collections.abc import Iterator
from typing import Any

import pytest

from rollout.tests.chaos.conftest import Record
from rollout.tests.chaos.state import assert_whole
from rollout.tests.droplet import Droplet
from rollout.tests.load import Load

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

IMPATIENT = {"min_free_disk_mb": 200, "migrate_timeout_s": 4}


@pytest.fixture(scope="module")
def served(shared: Droplet, record: Record) -> Iterator[Load]:
    """People at work during all of these tests."""
    outcome = shared.apply()
    assert outcome.code == 0, outcome.text
    with Load(shared) as load:
        yield load
    record("refused releases", load.facts())


@pytest.mark.parametrize(
    ("variant", "django", "limits", "told"),
    [
        pytest.param("sick", "django-1", {}, "fails its health check; the check said: status 503", id="ill"),
        pytest.param("crash", "django-1", {}, "RuntimeError: no such setting: COLOUR", id="crashes at its start"),
        pytest.param("hungry", "django-1", {}, "out of memory", id="over its memory limit"),
        pytest.param("good", "django-broken", {}, 'relation "nowhere" does not exist', id="migration fails"),
        pytest.param("good", "django-slow", IMPATIENT, "did not end within 4 s", id="migration is slow"),
        pytest.param("ids", "django-drops", {}, "titles (the serving release's)", id="breaks what serves"),
    ],
)
def test_refused_with_its_cause_while_everybody_works_on(
    shared: Droplet, served: Load, variant: str, django: str, limits: dict[str, Any], told: str
) -> None:
    release = shared.answering()
    outcome = shared.apply(variant, django, **({"limits": limits} if limits else {}))
    assert (outcome.code, outcome.facts["changed"]) == (1, False), outcome.text
    assert told in outcome.err
    assert_whole(shared, release)
    assert served.failures == []
    assert served.not_once() == {}
    assert served.seen == {release}
