from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from verification.artifacts.folder import Folder
from verification.artifacts.redact import HIDDEN, Redactor
from verification.expect import Finding
from verification.fallback import leave_what_can_be_said
from verification.report.files import write_report
from verification.report.junit import as_junit
from verification.report.page import as_page
from verification.report.record import FAILED, PASSED, UNKNOWN, Check, Run, group_of, title_of
from verification.report.terminal import print_run

KEYS = {
    *("run_id", "mode", "stack", "address", "domain", "release", "started_at", "seconds", "ok", "checks"),
    "missing_artifacts",
}
STATUS = Finding("status", "200", "502", is_met=False)
SOUND = Finding("release", "one", "one", is_met=True)
SILENCE = "SSH to the droplet failed: Connection timed out"


def check(name: str, outcome: str = PASSED, *findings: Finding, message: str = "", group: str = "Site") -> Check:
    return Check(
        name=f"test_site.py::{name}[/x]",
        group=group,
        title=title_of(name, "/x"),
        why="It is what <everything> rests on.",
        to_do="Look: slipway logs api",
        outcome=outcome,
        seconds=0.25,
        findings=findings,
        notes=("home in 9 ms",),
        message=message,
    )


def run_of(*checks: Check, missing: dict[str, str] | None = None) -> Run:
    run = Run("0123456789abcdef", deployment={"stack": "local", "address": "198.18.0.9", "domain": "slipway.test"})
    run.checks = {each.name: each for each in checks}
    run.missing = missing or {}
    run.seconds = 12.3
    return run


@pytest.fixture
def mixed() -> Run:
    """A failure, two checks with the same cause, and one that passed."""
    return run_of(
        check("test_home_answers", FAILED, STATUS, SOUND),
        check("test_a", UNKNOWN, message=SILENCE, group="Services"),
        check("test_b", UNKNOWN, message=SILENCE, group="Services"),
        check("test_c", PASSED, SOUND, group="API"),
        missing={"compose-ps.txt": SILENCE, "api-logs.txt": SILENCE},
    )


def printed(run: Run, width: int = 80) -> list[str]:
    out = io.StringIO()
    print_run(Console(file=out, width=width, no_color=True, highlight=False), run, Path("/logs/198.18.0.9"))
    return out.getvalue().splitlines()


def test_a_name_becomes_a_title() -> None:
    assert title_of("test_dns_points_at_the_deployment", "www") == "DNS points at the deployment: www"
    assert (group_of("test_data_and_jobs.py"), group_of("test_tls.py")) == ("Data and jobs", "TLS")


def test_the_document_has_all_its_keys_and_each_check_its_own(mixed: Run) -> None:
    document = json.loads(json.dumps(mixed.as_json()))
    assert document.keys() >= KEYS
    assert document["ok"] is False
    entry = document["checks"]["test_site.py::test_home_answers[/x]"]
    assert (entry["expected"], entry["seen"], entry["outcome"]) == ("status: 200", "status: 502", FAILED)
    assert entry["title"] == "Home answers: /x"
    assert entry["seconds"] == 0.25
    assert document["checks"]["test_site.py::test_a[/x]"]["seen"] == SILENCE
    assert document["missing_artifacts"].keys() == {"compose-ps.txt", "api-logs.txt"}


@pytest.mark.parametrize(
    ("checks", "is_ok"),
    [((), False), ((check("test_c"),), True), ((check("test_c"), check("test_a", UNKNOWN)), False)],
)
def test_a_run_is_right_only_if_every_check_was_made_and_passed(checks: tuple[Check, ...], is_ok: bool) -> None:
    assert run_of(*checks).is_ok is is_ok


@pytest.mark.parametrize("width", [60, 80, 110])
def test_no_line_is_wider_than_the_terminal(mixed: Run, width: int) -> None:
    assert max(map(len, printed(mixed, width))) <= width


def test_a_failure_is_told_whole_and_what_has_one_cause_is_told_once(mixed: Run) -> None:
    text = "\n".join(printed(mixed))
    for line in (
        r"✔\s+API\s+1 ",
        r"✘\s+Site\s+0 of 1",
        r"✘ Home answers: /x",
        r"expected\s+status: 200",
        r"seen\s+502",
    ):
        assert re.search(line, text), line
    assert "to do     Look: slipway logs api" in text
    assert "-k test_home_answers" in text
    assert "? 2 checks not checked" in text
    assert "warning: missing artifacts: 2" in text
    assert text.count(SILENCE) == 2  # of the checks, and of the artifacts
    assert "✘ 1 failed and 2 not checked of 4 in 12.3 s" in text
    assert text.endswith("artifacts: /logs/198.18.0.9")


def test_cases_of_one_check_that_saw_the_same_are_told_once() -> None:
    one, other = check("test_home_answers", FAILED, STATUS), check("test_home_answers", FAILED, STATUS)
    run = run_of(one, replace(other, name=one.name.replace("/x", "/y"), title="Home answers: /y"))
    text = "\n".join(printed(run))
    assert "✘ Home answers: /x, /y" in text
    assert text.count("seen      502") == 1
    assert as_page(run).count("<article") == 1


def test_all_that_passed_is_one_line_per_group() -> None:
    lines = printed(run_of(*(check(f"test_{n}", PASSED, SOUND) for n in range(9))))
    assert len([line for line in lines if line.strip()]) == 4
    assert lines[-2] == "✔ all 9 checks passed in 12.3 s"
    assert "home in 9 ms" in "\n".join(lines)


class Outside(HTMLParser):
    """Collects what a page would load, and the words that it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.text = ""
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value for name, value in attrs if name in {"src", "href", "srcset", "data"} and value]
        if tag not in {"meta", "br"} and not tag.startswith("!"):
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_all_of_it_and_loads_nothing(mixed: Run) -> None:
    page = Outside()
    text = as_page(mixed)
    page.feed(text)
    assert page.loaded == []
    assert page.opened == []
    assert not re.search(r"url\(|@import|<script", text)
    assert "prefers-color-scheme: dark" in text
    assert 'name="viewport"' in text
    for words in ("3 of 4 checks did not pass", "Home answers: /x", "502", SILENCE, "<everything>", "compose-ps.txt"):
        assert words in page.text, words


def test_ci_servers_tell_failures_from_what_could_not_be_checked(mixed: Run) -> None:
    suite = ET.fromstring(as_junit(mixed))[0]  # noqa: S314 -- written here
    assert {key: suite.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "1",
        "errors": "2",
    }
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "expected status: 200, seen status: 502"


def test_no_secret_gets_into_any_form_of_the_report(tmp_path: Path) -> None:
    leaking = Finding("status", "200", "500: password=hunter2hunter2", is_met=False)
    folder = Folder(tmp_path, Redactor({"api/key": "correct-horse"}))
    run = run_of(check("test_x", FAILED, leaking), check("test_y", FAILED, message="correct-horse battery"))
    run.checks = {name: each.redacted(folder.redact) for name, each in run.checks.items()}
    write_report(run, folder)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"post-deploy-report.json", "report.html", "junit.xml"}
    for text in (*(path.read_text() for path in files), "\n".join(printed(run))):
        assert "hunter2hunter2" not in text
        assert "correct-horse" not in text
        assert HIDDEN in text
    assert folder.leaks == {}


def test_without_an_address_a_whole_folder_says_so(tmp_path: Path) -> None:
    said = leave_what_can_be_said(tmp_path, "the stack has no address", "staging")
    assert said.startswith("warning: nothing was verified: the stack has no address.\nartifacts: ")
    folder = Path(said.rpartition("artifacts: ")[2])
    assert folder.name.startswith("unknown-address-")
    report = json.loads((folder / "meta/post-deploy-report.json").read_text())
    assert report.keys() >= KEYS
    assert (report["ok"], report["stack"], report["address"]) == (False, "staging", None)
    assert report["missing_artifacts"]["api-logs.txt"] == "the stack has no address"
    assert ET.parse(folder / "meta/junit.xml").getroot()[0].get("errors") == "1"  # noqa: S314 -- written here
    assert "the stack has no address" in (folder / "meta/report.html").read_text()
