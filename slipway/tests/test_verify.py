from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from slipway.errors import UNVERIFIED, VerificationFailed
from slipway.project import Project
from slipway.verify import read_verification, verify

FACTS: dict[str, Any] = {
    "stack": "staging",
    "site": "https://x.test",
    "domain": "x.test",
    "address": "198.18.0.9",
    "ssh": {"user": "root", "port": 22, "key": None, "known_hosts": "known_hosts"},
    "ca_file": None,
    "do_api_url": "https://api.example",
    "dns_server": None,
    "release": "20260101-000000-abc1234",
}
# In place of the environment's Python: leaves a report, says where, and ends as it is told.
STAND_IN = """#!/bin/sh
mkdir -p "{folder}/meta"
echo '{report}' > "{folder}/meta/post-deploy-report.json"
echo "some checks"
echo "artifacts: {folder}"
echo "1 line more"
exit {code}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout that knows of one deployment."""
    found = Project(tmp_path)
    found.facts_file("staging").parent.mkdir(parents=True)
    found.facts_file("staging").write_text(json.dumps(FACTS))
    return found


def stand_in(project: Project, code: int, report: dict[str, Any]) -> Path:
    """Put a program in the place of pytest; return the folder that it will leave."""
    folder = project.root / "local_run_logs" / "198.18.0.9-20260101_000000"
    project.python.parent.mkdir(parents=True)
    project.python.write_text(STAND_IN.format(folder=folder, report=json.dumps(report), code=code))
    project.python.chmod(0o755)
    return folder


def test_what_the_checks_say_is_passed_on_and_their_report_is_read(project: Project) -> None:
    folder, heard = stand_in(project, 0, {"ok": True, "checks": {}}), list[str]()
    found = verify(project, "staging", heard.append)
    assert found.as_json() == {"artifacts": str(folder), "ok": True, "checks": {}}
    assert heard == ["some checks", f"artifacts: {folder}", "1 line more"]


def test_a_failed_check_ends_with_its_own_code_and_leaves_the_whole_report(project: Project) -> None:
    folder = stand_in(project, 1, {"ok": False})
    with pytest.raises(VerificationFailed) as failed:
        verify(project, "staging", lambda line: None)
    assert failed.value.exit_code == UNVERIFIED
    assert failed.value.artifacts == folder
    assert read_verification(failed.value.artifacts).as_json() == {"artifacts": str(folder), "ok": False}


def test_without_an_address_nothing_is_asked_and_a_folder_says_so(project: Project) -> None:
    project.facts_file("staging").write_text(json.dumps(FACTS | {"address": None}))
    heard: list[str] = []
    with pytest.raises(VerificationFailed) as failed:
        verify(project, "staging", heard.append)
    assert heard[0].startswith("warning: nothing was verified: the stack has no address")
    report = read_verification(failed.value.artifacts).report
    assert (report["ok"], report["stack"]) == (False, "staging")
    assert set(report["missing_artifacts"].values()) == {report["fault"]}
