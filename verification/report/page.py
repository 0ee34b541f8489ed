"""The report as one page that needs nothing from elsewhere."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from verification.report.record import FAILED, PASSED, UNKNOWN, Check, Run, title_of_all

STYLE = (Path(__file__).parent / "page.css").read_text()
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SIGNS = {PASSED: "✔", FAILED: "✘", UNKNOWN: "?"}
CLASSES = {PASSED: "passed", FAILED: "failed", UNKNOWN: "unknown"}


def as_page(run: Run) -> str:
    """Write a run as HTML: the verdict, what is wrong, then every check by group."""
    address = escape(str(run.deployment.get("domain") or run.deployment.get("address") or "no deployment"))
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
        f"<title>{'Passed' if run.is_ok else 'Not passed'}: {address}</title><style>{STYLE}</style></head><body>",
        _head(run, address),
        "<main>",
        *_wrong(run),
        *_missing(run),
        *(_group(name, checks) for name, checks in run.groups.items()),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def _head(run: Run, address: str) -> str:
    facts = {
        "Release": run.deployment.get("release"),
        "Stack": run.deployment.get("stack"),
        "Address": run.deployment.get("address"),
        "Checked": f"{run.started:%Y-%m-%d %H:%M:%S} UTC",
        "Took": f"{run.seconds:.1f} s",
        "Run": run.run_id[:12],
    }
    rows = "".join(
        f"<div><dt>{name}</dt><dd>{escape(str(value or 'unknown'))}</dd></div>" for name, value in facts.items()
    )
    outcome = "passed" if run.is_ok else "failed"
    sign = SIGNS[PASSED if run.is_ok else FAILED]
    fault = f"<p>{escape(run.fault)}</p>" if run.fault else ""
    return (
        f'<header class="{outcome}"><p class="site">{address}</p>'
        f'<h1><span aria-hidden="true">{sign}</span> {_verdict(run)}</h1>{fault}<dl class="facts">{rows}</dl></header>'
    )


def _verdict(run: Run) -> str:
    if not run.checks:
        return "Nothing could be checked"
    if run.is_ok:
        return f"All {len(run.checks)} checks passed"
    return f"{len(run.not_passed)} of {len(run.checks)} checks did not pass"


def _wrong(run: Run) -> list[str]:
    if not run.not_passed:
        return []
    cards = "".join(_card(checks) for checks in run.causes)
    return [f"<section><h2>What did not pass</h2>{cards}</section>"]


def _card(checks: list[Check]) -> str:
    """What one cause keeps from many checks is said once."""
    check = checks[0]
    if not check.is_stopped or len(checks) == 1:
        return f'<article class="{CLASSES[check.outcome]}">{_whole(check, title_of_all(checks))}</article>'
    titles = "; ".join(dict.fromkeys(check.title.partition(":")[0] for check in checks))
    return (
        f'<article class="{CLASSES[check.outcome]}"><h3>{len(checks)} checks {check.outcome}</h3>'
        f'<p class="seen">{escape(check.message)}</p><p>{escape(titles)}</p></article>'
    )


def _whole(check: Check, title: str) -> str:
    rows = "".join(
        f"<div><dt>Expected</dt><dd>{escape(f'{f.what}: {f.expected}')}</dd></div>"
        f'<div><dt>Seen</dt><dd class="seen">{escape(f.seen)}</dd></div>'
        for f in check.telling
    )
    if check.message:
        rows += f'<div><dt>Seen</dt><dd class="seen">{escape(check.message)}</dd></div>'
    if check.to_do:
        rows += f"<div><dt>To do</dt><dd>{_prose(check.to_do)}</dd></div>"
    return f"<h3>{escape(title)}</h3><p>{_prose(check.why)}</p><dl>{rows}</dl>"


def _missing(run: Run) -> list[str]:
    if not run.missing:
        return []
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(reason)}</dd></div>" for name, reason in sorted(run.missing.items())
    )
    return [f"<section><h2>Missing artifacts</h2><dl class='missing'>{rows}</dl></section>"]


def _group(name: str, checks: list[Check]) -> str:
    passed = sum(check.outcome == PASSED for check in checks)
    seconds = sum(check.seconds for check in checks)
    notes = ", ".join(dict.fromkeys(note for check in checks for note in check.notes))
    outcome = "passed" if passed == len(checks) else "failed"
    rows = "".join(_row(check) for check in checks)
    return (
        f'<details class="group {outcome}"><summary><span class="name">{escape(name)}</span>'
        f'<span class="notes">{escape(notes)}</span>'
        f'<span class="count">{passed} of {len(checks)}</span><span class="time">{seconds:.1f} s</span></summary>'
        f"<ul>{rows}</ul></details>"
    )


def _row(check: Check) -> str:
    return (
        f'<li class="{CLASSES[check.outcome]}"><details><summary><span class="sign" title="{check.outcome}">'
        f'{SIGNS[check.outcome]}</span><span class="name">{escape(check.title)}</span>'
        f'<span class="time">{check.seconds:.2f} s</span></summary>{_findings(check)}</details></li>'
    )


def _findings(check: Check) -> str:
    rows = "".join(
        f'<tr class="{"passed" if f.is_met else "failed"}"><th scope="row">{escape(f.what)}</th>'
        f"<td>{escape(f.expected)}</td><td>{escape(f.seen)}</td></tr>"
        for f in check.findings
    )
    table = "<thead><tr><th>What</th><th>Expected</th><th>Seen</th></tr></thead>"
    message = f"<p>{escape(check.message)}</p>" if check.message else ""
    body = f"<div class='wide'><table>{table}<tbody>{rows}</tbody></table></div>" if rows else ""
    return f"<p>{_prose(check.why)}</p>{message}{body}<p><code>{escape(check.name)}</code></p>"


def _prose(text: str) -> str:
    """Write a sentence with its `commands` as such."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
