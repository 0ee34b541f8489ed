"""What a run found, before it is written as JSON, HTML, JUnit or a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from verification.expect import Finding

PASSED, FAILED, UNKNOWN = "passed", "failed", "not checked"
# Whoever writes a check's name writes it in small letters.
_SPELLED = {
    word.lower(): word
    for word in (
        "HTTP",
        "HTTPS",
        "API",
        "DNS",
        "TLS",
        "SSH",
        "CSRF",
        "ACME",
        "SQL",
        "Django",
        "Celery",
        "Traefik",
        "Redis",
    )
}


@dataclass(frozen=True)
class Check:
    """One check and how it ended."""

    name: str  # as pytest takes it: file::test[parameter]
    group: str
    title: str
    why: str
    to_do: str
    outcome: str
    seconds: float
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    message: str = ""  # of what kept the check from its end

    @property
    def expected(self) -> str:
        """All that was expected, or of a failed check what wasn't met; the title where it never came to that."""
        return "; ".join(f"{f.what}: {f.expected}" for f in self.telling) or self.title

    @property
    def seen(self) -> str:
        """All that was seen, or of a failed check what differed."""
        return "; ".join([*(f"{f.what}: {f.seen}" for f in self.telling), *([self.message] if self.message else [])])

    @property
    def is_stopped(self) -> bool:
        """Whether something kept it from seeing anything that differs."""
        return bool(self.message) and all(finding.is_met for finding in self.findings)

    @property
    def telling(self) -> tuple[Finding, ...]:
        """The findings that say how it ended."""
        return tuple(f for f in self.findings if not f.is_met) or (() if self.message else self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the check's entry of the report."""
        return {
            "title": self.title,
            "group": self.group,
            "outcome": self.outcome,
            "seconds": self.seconds,
            "expected": self.expected,
            "seen": self.seen,
            "why": self.why,
            "to_do": self.to_do,
            "notes": list(self.notes),
            "findings": [
                {"what": f.what, "expected": f.expected, "seen": f.seen, "met": f.is_met} for f in self.findings
            ],
        }

    def redacted(self, redact: Callable[[str], str]) -> Check:
        """Return the check without a secret in it."""
        findings = tuple(replace(f, expected=redact(f.expected), seen=redact(f.seen)) for f in self.findings)
        return replace(self, findings=findings, message=redact(self.message), notes=tuple(map(redact, self.notes)))


@dataclass
class Run:
    """All checks of one run, with the deployment that they are about."""

    run_id: str
    mode: str = "verify"  # the occasion: verify, deploy or update
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    deployment: Mapping[str, str | None] = field(default_factory=dict)  # stack, address, domain, release
    seconds: float = 0.0
    checks: dict[str, Check] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    fault: str = ""  # why nothing could be checked at all

    @property
    def is_ok(self) -> bool:
        """Whether there were checks, and each was made and passed."""
        return bool(self.checks) and not self.fault and not self.not_passed

    @property
    def not_passed(self) -> list[Check]:
        """Failed checks and those that couldn't be made."""
        return [check for check in self.checks.values() if check.outcome != PASSED]

    @property
    def causes(self) -> list[list[Check]]:
        """What did not pass: together what stopped for one reason, or is one check that saw the same several times."""
        return list(grouped(self.not_passed, _cause).values())

    @property
    def groups(self) -> dict[str, list[Check]]:
        """The checks by group, in the order of their run."""
        return grouped(self.checks.values(), lambda check: check.group)

    def as_json(self) -> dict[str, Any]:
        """Return the document of `meta/post-deploy-report.json`; other programs depend on its keys."""
        return {
            "run_id": self.run_id,
            "mode": self.mode,
            **{key: self.deployment.get(key) for key in ("stack", "address", "domain", "release")},
            "started_at": self.started.isoformat(),
            "seconds": round(self.seconds, 3),
            "ok": self.is_ok,
            "fault": self.fault,
            "timings": self.timings,
            "checks": {name: check.as_json() for name, check in self.checks.items()},
            "missing_artifacts": self.missing,
        }


def grouped(checks: Iterable[Check], key: Callable[[Check], str]) -> dict[str, list[Check]]:
    """Sort checks into lists by a key, keeping their order."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        found.setdefault(key(check), []).append(check)
    return found


def _cause(check: Check) -> str:
    if check.is_stopped:
        return check.message
    return f"{check.name.partition('[')[0]} {check.expected} {check.seen}"


def title_of_all(checks: Sequence[Check]) -> str:
    """Return one title for cases of one check: `Answers in time: /, /api/health`."""
    cases = [check.title.partition(": ")[2] for check in checks]
    return checks[0].title if len(checks) == 1 else f"{checks[0].title.partition(': ')[0]}: {', '.join(cases)}"


def title_of(function: str, parameter: str) -> str:
    """Make a title of a test's name: `test_dns_points_home` and `www` become `DNS points home: www`."""
    words = [_SPELLED.get(word, word) for word in function.removeprefix("test_").split("_")]
    text = " ".join(words)
    return f"{text[0].upper()}{text[1:]}{f': {parameter}' if parameter else ''}"


def group_of(module: str) -> str:
    """Make a group's name of a test module's."""
    return title_of(re.sub(r"\.py$", "", module), "")
