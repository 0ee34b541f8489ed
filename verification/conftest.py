"""`pytest verification/ --host=ADDRESS` checks a live deployment; without `--host` only this room's own tests run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from verification.artifacts.collect import Collector
from verification.artifacts.folder import Folder, new_folder
from verification.artifacts.redact import Redactor
from verification.deployment import Deployment, find_deployment
from verification.droplet import Droplet, connect
from verification.errors import VerificationError
from verification.expect import Expect
from verification.fallback import leave_what_can_be_said
from verification.report.plugin import Report
from verification.scan import open_ports
from verification.site import Site, open_site
from verification.tls import await_certificate

ROOM = Path(__file__).parent
ROOT = ROOM.parent
CHECKS, OWN_TESTS = ROOM / "checks", ROOM / "tests"
NO_ADDRESS = "--host is empty: the deployment has no address, or the command that should have told it failed"
USAGE = 2


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options that say which deployment is checked."""
    group = parser.getgroup("verification", "checks of a live deployment")
    group.addoption("--host", metavar="ADDRESS", help="address of the deployment; the rest is read from its facts")
    group.addoption("--site", metavar="DOMAIN", help="the site's domain, where the facts don't tell it")
    group.addoption("--ssh-key", metavar="FILE", help="private key that reaches the droplet")
    group.addoption("--ca-file", metavar="FILE", help="CA bundle for the site's certificate")
    group.addoption("--mode", default="verify", help="the occasion that the report names, like deploy or update")
    group.addoption("--no-timestamp", action="store_true", help="name the artifact folder after the address alone")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the report for the whole run; it tells failures better than tracebacks do."""
    config.addinivalue_line("markers", "last: disturbs the deployment for others, so it runs after them")
    config.addinivalue_line("markers", "to_do(text): what helps when this check fails")
    host = config.getoption("--host", None)
    if host is None:
        return
    if not host:
        pytest.exit(leave_what_can_be_said(ROOT, NO_ADDRESS), returncode=USAGE)
    config.pluginmanager.register(Report(config.getoption("--mode")), "slipway-report")
    if config.option.tbstyle == "auto":
        config.option.tbstyle, config.option.reportchars = "no", ""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect the checks when there is something to check, this room's own tests when not."""
    left_out = OWN_TESTS if config.getoption("--host", None) else CHECKS
    return True if collection_path == left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is marked `last` at the end."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """The report of this run."""
    found = request.config.pluginmanager.get_plugin("slipway-report")
    if not isinstance(found, Report):
        raise pytest.UsageError("the checks need --host=ADDRESS")
    return found


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest, report: Report) -> Deployment:
    """The facts of the deployment under test."""
    option = request.config.getoption
    overrides = {"site": option("--site"), "ssh_key": option("--ssh-key"), "ca_file": option("--ca-file")}
    try:
        found = find_deployment(ROOT, option("--host"), overrides)
    except VerificationError as error:
        pytest.exit(str(error), returncode=USAGE)
    report.about(found)
    return found


@pytest.fixture(scope="session")
def droplet(deployment: Deployment) -> Droplet:
    """The droplet by SSH."""
    return connect(deployment)


@pytest.fixture(scope="session")
def site(deployment: Deployment) -> Iterator[Site]:
    """The site as visitors reach it."""
    with open_site(deployment) as site:
        yield site


@pytest.fixture(scope="session")
def home(site: Site) -> httpx.Response:
    """The home page's answer."""
    return site.ask("/", headers={"Accept": "text/html"})


@pytest.fixture
def expect() -> Expect:
    """Where a check says what it looks for."""
    return Expect()


@pytest.fixture(scope="session", autouse=True)
def issued_certificate(request: pytest.FixtureRequest) -> None:
    """Begin when ACME has had its time: right after a first deployment it may still be at work."""
    if request.config.getoption("--host", None):
        report: Report = request.getfixturevalue("report")
        with report.timed("certificate"):
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
def artifacts(
    request: pytest.FixtureRequest, deployment: Deployment, droplet: Droplet, site: Site, report: Report
) -> Folder:
    """Everything that was collected of the deployment, already redacted."""
    try:
        known = droplet.secrets
    except VerificationError:
        known = {}
    path = new_folder(ROOT, deployment.address, timestamped=not request.config.getoption("--no-timestamp"))
    folder = report.folder = Folder(path, Redactor(known))
    with report.timed("artifacts"):
        Collector(deployment, droplet, site, folder).collect()
    return folder
