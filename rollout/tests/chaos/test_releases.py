"""Twenty releases and twenty rollbacks in a row, with people at work all the time."""

import statistics
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from rollout.tests.calls import Conversation, take
from rollout.tests.chaos.conftest import Record
from rollout.tests.chaos.state import assert_whole
from rollout.tests.droplet import Droplet
from rollout.tests.load import Load
from rollout.web import Answer

pytestmark = [pytest.mark.docker, pytest.mark.chaos]

ROUNDS = 20
LONG_S = 20  # the longest request, shorter than the grace period of compose/app.yml


@dataclass(frozen=True)
class InFlight:
    """What has begun on the old release and must end on it, whatever happens meanwhile."""

    release: str
    slow: Future[Answer]
    stream: Future[Answer]
    talk: Future[Conversation]

    @classmethod
    def begin(cls, droplet: Droplet, pool: ThreadPoolExecutor) -> "InFlight":
        """Send all of them."""
        slow = pool.submit(take, droplet, "/api/slow", LONG_S)
        stream = pool.submit(take, droplet, "/api/stream", LONG_S)
        talk = pool.submit(Conversation(droplet).hold)
        return cls(droplet.answering(), slow, stream, talk)

    def assert_unharmed(self) -> None:
        """Each came to its own end."""
        slow, stream, talk = self.slow.result(), self.stream.result(), self.talk.result()
        assert (slow.status, slow.body) == (200, f"good {self.release}\n".encode()), slow.error
        lines = [f"{number} {self.release}" for number in range(LONG_S * 10)]
        assert (stream.status, stream.body.decode().splitlines()) == (200, lines), stream.error
        assert (talk.release, talk.faults, talk.goodbye) == (self.release, [], 1001)
        assert talk.echoes > 0


def test_twenty_releases_and_twenty_rollbacks_lose_nothing(
    shared: Droplet, adding: Callable[[int], str], record: Record
) -> None:
    # Every second release brings a migration; the one after it has the same schema.
    djangos = [django for number in range(ROUNDS // 2) for django in [adding(number)] * 2]
    assert shared.apply("good", djangos[0]).code == 0
    base, releases, took = shared.answering(), set[str](), list[float]()
    with Load(shared) as load, ThreadPoolExecutor(3) as pool:
        for number, django in enumerate(djangos):
            in_flight = InFlight.begin(shared, pool) if number == ROUNDS // 2 else None
            made = shared.apply("good", django)
            assert made.code == 0, made.text
            if in_flight:
                in_flight.assert_unharmed()
            back = shared.call("rollback")
            assert (back.code, back.facts["release"]) == (0, base), back.text
            releases.add(made.facts["release"])
            took.append(sum(made.facts["seconds"].values()))
    assert_whole(shared, base)
    figures = load.facts()
    done = {"releases": len(releases), "rollbacks": ROUNDS, "median_release_s": statistics.median(took)}
    record("releases", {**done, **figures})
    assert load.failures == []
    assert load.not_once() == {}
    assert load.seen == releases | {base}
    assert len(releases) == ROUNDS
