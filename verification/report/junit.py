"""The report as JUnit XML, which CI servers show."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from verification.report.record import FAILED, PASSED, Run


def as_junit(run: Run) -> str:
    """Write a run as one test suite; what couldn't be checked counts as an error, not as a failure."""
    wrong = run.not_passed
    failures = sum(check.outcome == FAILED for check in wrong)
    counts = {"tests": len(run.checks), "failures": failures, "errors": len(wrong) - failures + bool(run.fault)}
    suite = ET.Element(
        "testsuite",
        {"name": "verification", **{key: str(value) for key, value in counts.items()}},
        time=f"{run.seconds:.3f}",
        timestamp=run.started.isoformat(),
        hostname=str(run.deployment.get("address")),
    )
    if run.fault:
        ET.SubElement(suite, "system-err").text = run.fault
    for check in run.checks.values():
        case = ET.SubElement(suite, "testcase", classname=check.group, name=check.title, time=f"{check.seconds:.3f}")
        if check.outcome != PASSED:
            kind = "failure" if check.outcome == FAILED else "error"
            told = ET.SubElement(case, kind, message=_printable(f"expected {check.expected}, seen {check.seen}"))
            told.text = _printable(f"{check.why}\n{check.to_do}".strip())
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _printable(text: str) -> str:
    """Leave out what XML can't hold."""
    return "".join(char for char in text if char in "\t\n" or char >= " ")
