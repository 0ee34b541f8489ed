from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from toolchain.plugins.digitalocean.tests.cloud import LocalCloud, local_cloud
from toolchain.plugins.digitalocean.tests.stack import Stack, find_pulumi
from toolchain.plugins.install import install


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("pulumi-home")
    install(find_pulumi(), home, Path(sys.executable))
    return home


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[LocalCloud]:
    with local_cloud(tmp_path / "cloud") as running:
        yield running


@pytest.fixture
def new_stack(tmp_path: Path, pulumi_home: Path) -> Callable[[str], Stack]:
    def make(api_url: str) -> Stack:
        return Stack(tmp_path / "stack", pulumi_home, api_url)

    return make


@pytest.fixture
def stack(new_stack: Callable[[str], Stack], cloud: LocalCloud) -> Stack:
    return new_stack(cloud.url)
