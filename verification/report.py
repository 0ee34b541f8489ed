"""The report of a run: each check with its outcome and seconds, in `meta/post-deploy-report.json`."""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime

import pytest

from verification.artifacts.collect import Collector

REPORT = "meta/post-deploy-report.json"


class Report:
    """A pytest plugin that writes the report when the run ends."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.collected: Collector | None = None
        self.run_id = uuid.uuid4().hex
        self.started = datetime.now(UTC)
        self.start = time.monotonic()
        self.checks: dict[str, dict[str, object]] = {}

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a check's outcome; a failed fixture counts as the check's own failure."""
        if report.when != "call" and report.outcome == "passed":
            return
        name = report.nodeid.rpartition("/")[2]
        seen = report.longreprtext.strip().splitlines()[-1] if report.longreprtext else ""
        self.checks[name] = {"outcome": report.outcome, "seconds": round(report.duration, 3), "seen": seen}

    @pytest.hookimpl
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the report beside the artifacts."""
        if self.collected is None:
            return
        deployment = self.collected.deployment
        document = {
            "run_id": self.run_id,
            "mode": "verify",
            "stack": deployment.stack,
            "address": deployment.address,
            "domain": deployment.domain,
            "release": deployment.release,
            "started_at": self.started.isoformat(),
            "seconds": round(time.monotonic() - self.start, 3),
            "ok": int(exitstatus) == 0,
            "checks": self.checks,
            "missing_artifacts": self.collected.missing,
        }
        self.collected.write(REPORT, json.dumps(document, indent=2))

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the artifacts are."""
        if self.collected is not None:
            terminalreporter.write_line(f"artifacts: {self.collected.folder}")
