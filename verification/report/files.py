"""Where a run's report lies beside its artifacts; without pytest, which every start of `slipway` would have to load."""

from __future__ import annotations

import json

from verification.artifacts.folder import Folder
from verification.report.junit import as_junit
from verification.report.page import as_page
from verification.report.record import Run

REPORT, PAGE, JUNIT = "meta/post-deploy-report.json", "meta/report.html", "meta/junit.xml"


def write_report(run: Run, folder: Folder) -> None:
    """Write the report for programs, for people and for CI servers."""
    folder.write(REPORT, json.dumps(run.as_json(), indent=2))
    folder.write(PAGE, as_page(run))
    folder.write(JUNIT, as_junit(run))
