"""`pytest verification/ --host=ADDRESS` checks a live deployment; without `--host` only this room's own tests run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from verification.artifacts.collect import Collector, await_certificate, new_folder
from verification.artifacts.redact import Redactor
from verification.deployment import Deployment, find_deployment
from verification.droplet import Droplet, connect
from verification.errors import DropletUnreachable, VerificationError
from verification.report import Report
from verification.scan import open_ports

ROOM = Path(__file__).parent
ROOT = ROOM.parent
CHECKS, OWN_TESTS = ROOM / "checks", ROOM / "tests"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options that say which deployment is checked."""
    group = parser.getgroup("verification", "checks of a live deployment")
    group.addoption("--host", metavar="ADDRESS", help="address of the deployment; the rest is read from its facts")
    group.addoption("--site", metavar="DOMAIN", help="the site's domain, where the facts don't tell it")
    group.addoption("--ssh-key", metavar="FILE", help="private key that reaches the droplet")
    group.addoption("--ca-file", metavar="FILE", help="CA bundle for the site's certificate")
    group.addoption("--no-timestamp", action="store_true", help="name the artifact folder after the address alone")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the report for the whole run."""
    config.addinivalue_line("markers", "last: disturbs the deployment for others, so it runs after them")
    if config.getoption("--host", None):
        config.pluginmanager.register(Report(config), "slipway-report")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect the checks when there is something to check, this room's own tests when not."""
    left_out = OWN_TESTS if config.getoption("--host", None) else CHECKS
    return True if collection_path == left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is marked `last` at the end."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """The facts of the deployment under test."""
    option = request.config.getoption
    overrides = {"site": option("--site"), "ssh_key": option("--ssh-key"), "ca_file": option("--ca-file")}
    try:
        return find_deployment(ROOT, option("--host"), overrides)
    except VerificationError as error:
        pytest.exit(str(error), returncode=2)


@pytest.fixture(scope="session")
def droplet(deployment: Deployment) -> Droplet:
    """The droplet by SSH."""
    return connect(deployment)


@pytest.fixture(scope="session")
def client(deployment: Deployment) -> Iterator[httpx.Client]:
    """A visitor that trusts the site's CA."""
    with deployment.client() as client:
        yield client


@pytest.fixture(scope="session")
def stranger(deployment: Deployment) -> Iterator[httpx.Client]:
    """A visitor that asks for names outside the certificate."""
    with deployment.client(check_certificate=False) as client:
        yield client


@pytest.fixture(scope="session", autouse=True)
def issued_certificate(request: pytest.FixtureRequest) -> None:
    """Begin when ACME has had its time: right after a first deployment it may still be at work."""
    if request.config.getoption("--host", None):
        await_certificate(request.getfixturevalue("deployment"))


@pytest.fixture(scope="session", autouse=True)
def port_scan(request: pytest.FixtureRequest) -> Iterator[Future[list[int]] | None]:
    """A scan of all TCP ports, running beside the other checks."""
    address = request.config.getoption("--host", None)
    if not address:
        yield None
        return
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(open_ports, address)


@pytest.fixture(scope="session")
def artifacts(request: pytest.FixtureRequest, deployment: Deployment, droplet: Droplet) -> Collector:
    """Everything that was collected of the deployment, already redacted."""
    try:
        known = droplet.secret_values
    except DropletUnreachable:
        known = []
    folder = new_folder(ROOT, deployment.address, timestamped=not request.config.getoption("--no-timestamp"))
    collector = Collector(deployment, droplet, folder, Redactor(known))
    collector.collect()
    report = request.config.pluginmanager.get_plugin("slipway-report")
    if isinstance(report, Report):
        report.collected = collector
    return collector
