"""What a droplet must look like once a rollout has come to its end, however it did."""

import json

from rollout.tests.droplet import Droplet


def assert_whole(droplet: Droplet, release: str) -> None:
    """One release serves, whole and alone; nothing half done is left."""
    assert droplet.answering() == droplet.answering("/api/health") == release
    assert droplet.projects() == {"edge", "data", f"app-{release}"}
    assert len(droplet.beats()) == 1
    status = json.loads(droplet.call("status", "--json").out)
    assert (status["release"], status["down"]) == (release, [])
    assert (status["unfinished"], status["locked_by"]) == (None, None)
    assert [name for name in droplet.folders() if name.endswith(".tmp")] == []
