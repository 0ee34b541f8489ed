"""Stages on the engine."""

import uuid
from collections.abc import Iterator

import pytest

from compose.tests.stage import Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A droplet's directory and network, removed with all that was started on it."""
    stage = Stage(tmp_path_factory.mktemp("droplet"), f"stage-{uuid.uuid4().hex[:8]}")
    stage.set_up()
    yield stage
    stage.tear_down()
