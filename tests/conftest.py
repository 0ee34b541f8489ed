"""A checkout of its own, deployed once for the whole run on a local cloud of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Chromium, Watch, running
from tests.browser.mailbox import Mailbox
from tests.browser.site import Site
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


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Site:
    """The deployed site; JOURNEYS_ON names a checkout whose stack stands already."""
    named = os.environ.get("JOURNEYS_ON")
    root = Path(named).resolve() if named else request.getfixturevalue("deployed").root
    return Site.of(root)


@pytest.fixture(scope="module")
def chromium(site: Site) -> Iterator[Chromium]:
    """One browser for a file of tests: Playwright's event loop must be gone before tests that start their own."""
    with running(site) as browser:
        yield browser


@pytest.fixture(scope="session")
def mailbox(site: Site) -> Iterator[Mailbox]:
    """Everybody's mail."""
    with site.deployment.client() as client:
        client.timeout = httpx.Timeout(30)
        yield Mailbox(site, client)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept, beside the artifacts of verifications."""
    folder = ROOT / "local_run_logs" / "journeys"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def watch(chromium: Chromium) -> Iterator[Watch]:
    """What the browser complained of during a test, which must be nothing: no violated policy, no error, no 5xx."""
    chromium.watch.complaints.clear()
    yield chromium.watch
    assert chromium.watch.complaints == []


@pytest.fixture
def visitor(chromium: Chromium) -> Iterator[Page]:
    """A page of somebody who was never here before."""
    with chromium.person() as page:
        yield page
