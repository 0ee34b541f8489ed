"""The pytest plugin that keeps what each check found, and writes and prints it when the run ends."""

from __future__ import annotations

import inspect
import io
import shutil
import time
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from verification.artifacts.folder import Folder
from verification.deployment import Deployment
from verification.errors import DropletUnreachable, VerificationError
from verification.expect import Expect
from verification.report.files import write_report
from verification.report.record import FAILED, PASSED, UNKNOWN, Check, Run, group_of, title_of
from verification.report.terminal import print_run

NARROWEST, WIDEST = 60, 110


class Report:
    """Keeps the run; `folder` is where it will be written."""

    def __init__(self, mode: str = "verify") -> None:
        self.run = Run(uuid.uuid4().hex, mode)
        self.start = time.monotonic()
        self.folder: Folder | None = None

    def about(self, deployment: Deployment) -> None:
        """Note which deployment is checked."""
        self.run.deployment = {key: getattr(deployment, key) for key in ("stack", "address", "domain", "release")}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Note how long a part of the run takes."""
        start = time.monotonic()
        yield
        self.run.timings[name] = round(time.monotonic() - start, 3)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Let a check end as failed when anything that it found differs."""
        yield
        _expect_of(item).settle()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note a check's outcome; a failed fixture counts as the check's own failure."""
        report = yield
        if report.when == "call" or report.outcome != "passed":
            check = _check(item, call, report)
            self.run.checks[check.name] = check
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Write the report beside the artifacts."""
        self.run.seconds = time.monotonic() - self.start
        if self.folder is not None:
            self.run.missing = self.folder.missing
            redact = self.folder.redact
            self.run.checks = {name: check.redacted(redact) for name, check in self.run.checks.items()}
            write_report(self.run, self.folder)

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the report."""
        width = min(WIDEST, max(NARROWEST, shutil.get_terminal_size().columns))
        is_colored = terminalreporter.hasmarkup
        text = io.StringIO()
        console = Console(file=text, width=width, force_terminal=is_colored, no_color=not is_colored, highlight=False)
        print_run(console, self.run, None if self.folder is None else self.folder.path)
        terminalreporter.write(text.getvalue())


def _expect_of(item: pytest.Item) -> Expect:
    found = getattr(item, "funcargs", {}).get("expect")
    return found if isinstance(found, Expect) else Expect()


def _check(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> Check:
    function = getattr(item, "originalname", None) or item.name
    error = call.excinfo.value if call.excinfo else None
    expect, to_do = _expect_of(item), item.get_closest_marker("to_do")
    callspec = getattr(item, "callspec", None)
    return Check(
        name=f"{item.path.name}::{item.name}",
        group=group_of(item.path.name),
        title=title_of(function, "" if callspec is None else callspec.id),
        why=" ".join((inspect.getdoc(getattr(item, "function", None)) or "").split()),
        to_do="" if to_do is None else str(to_do.args[0]),
        outcome=_outcome(report, error),
        seconds=round(report.duration, 3),
        findings=tuple(expect.findings),
        notes=tuple(expect.notes),
        message="" if error is None or (isinstance(error, AssertionError) and expect.unmet) else _words(error),
    )


def _outcome(report: pytest.TestReport, error: BaseException | None) -> str:
    """What only the droplet could tell is unknown without it; that is no verdict on the deployment."""
    if report.outcome == "passed":
        return PASSED
    return UNKNOWN if report.outcome == "skipped" or isinstance(error, DropletUnreachable) else FAILED


def _words(error: BaseException) -> str:
    """Return what an error says; one that nobody raised on purpose is named by its class too."""
    return str(error) if isinstance(error, VerificationError) else f"{type(error).__name__}: {error}"
