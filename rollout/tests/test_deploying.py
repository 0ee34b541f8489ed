"""Releases on a real engine, behind a real Traefik, over a real Postgres."""

import pytest

from rollout.tests.droplet import Droplet, Visitors

pytestmark = pytest.mark.docker


def test_a_first_release_serves_and_the_same_again_changes_nothing(droplet: Droplet) -> None:
    first = droplet.apply()
    assert first.code == 0, first.text
    release = first.facts["release"]
    assert droplet.answering() == droplet.answering("/api/health") == release
    again = droplet.apply()
    assert (again.code, again.facts["changed"], again.facts["release"]) == (0, False, release), again.text


def test_switching_and_going_back_lose_no_request(droplet: Droplet) -> None:
    first = droplet.apply("good-1").facts["release"]
    with Visitors(droplet) as visitors:
        second = droplet.apply("good-2")
        assert second.code == 0, second.text
        back = droplet.call("rollback")
        assert back.code == 0, back.text
    assert visitors.failures == []
    assert visitors.seen == {first, second.facts["release"]}
    assert (back.facts["release"], back.facts["previous"]) == (first, second.facts["release"])
    assert droplet.projects() == {"edge", "data", f"app-{first}"}
