"""A checkout of its own, deployed once for the whole run on a local cloud of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import Checkout, copy_working_tree
from tests.traces import Traces

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the checkout will be."""
    return tmp_path_factory.mktemp("deployment") / "slipway"


@pytest.fixture(scope="session")
def traces_before(folder: Path) -> Traces:
    """What stands on this machine before anything is deployed."""
    return Traces.now(folder)


@pytest.fixture(scope="session")
def checkout(folder: Path, traces_before: Traces) -> Iterator[Checkout]:
    """The working tree as a fresh clone would have it; what it deploys is gone at the end."""
    found = copy_working_tree(ROOT, folder)
    yield found
    if found.is_up:
        found.run("make", "down", timeout_s=300)


@pytest.fixture(scope="session")
def deployed(checkout: Checkout) -> Checkout:
    """The checkout after `make up`."""
    checkout.up()
    return checkout
