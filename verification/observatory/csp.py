"""The rule for Content-Security-Policy."""

from __future__ import annotations

from verification.observatory.facts import Mark, Page

RULE = "content-security-policy"
BEST = 10
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PASSIVE = ("img-src", "media-src")
NONCES = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
SHORTEST = 6


class _Invalid(Exception):
    """Browsers would drop the policy, or a part of it."""


def content_security_policy(page: Page) -> Mark:
    """Rate the policy; of several that hold together, the strictest."""
    value = page.header("content-security-policy")
    if not value:
        return Mark(RULE, -25, BEST, "not sent", "send a policy; begin with default-src 'none'")
    try:
        return max((_rated(_parsed(policy)) for policy in value.split(",")), key=lambda mark: mark.points)
    except _Invalid as error:
        return Mark(RULE, -25, BEST, str(error), "mend the policy's syntax")


def _parsed(policy: str) -> dict[str, set[str]]:
    if len(policy.strip()) < SHORTEST:
        raise _Invalid("a policy is empty")
    found: dict[str, set[str]] = {}
    for entry in filter(None, (part.split() for part in policy.split(";"))):
        name, *sources = entry
        if name in found and name not in {"report-uri", "report-to"}:
            raise _Invalid(f"{name} stands twice")
        found.setdefault(name, set(sources) or ({"'none'"} if name.endswith("-src") else set()))
    return found


def _rated(policy: dict[str, set[str]]) -> Mark:
    """Go through the rules from the worst to the best; the first that applies counts."""
    default = policy.get("default-src", {"*"})
    script, style, objects = (_effective(policy.get(f"{kind}-src", default)) for kind in ("script", "style", "object"))
    active = script.union(*(each for name, each in policy.items() if name not in (*PASSIVE, "script-src")))
    passive = set().union(*(policy.get(name, policy.get("default-src", set())) for name in PASSIVE))
    if "'strict-dynamic'" in script and not _has_nonce(script):
        return Mark(RULE, -25, BEST, "strict-dynamic without a nonce or hash", "add a nonce or a hash")
    if script & (BROAD | INLINE) or objects & BROAD:
        return Mark(
            RULE, -20, BEST, "scripts or objects from nearly anywhere", "name the sources of scripts and objects"
        )
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return Mark(RULE, -20, BEST, "loads over plain HTTP", "load over https only")
    if "'unsafe-eval'" in script | style:
        return Mark(RULE, -10, BEST, "allows eval", "remove 'unsafe-eval'")
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return Mark(RULE, -10, BEST, "images over plain HTTP", "load images over https only")
    if style & (BROAD | INLINE):
        return Mark(RULE, 0, BEST, "styles from nearly anywhere", "remove 'unsafe-inline' and broad sources of styles")
    if policy.get("default-src") == {"'none'"}:
        return Mark(RULE, 10, BEST, "nothing unsafe, default-src 'none'")
    return Mark(RULE, 5, BEST, "nothing unsafe", "set default-src to 'none' and name what is used")


def _effective(sources: set[str]) -> set[str]:
    """Leave out what browsers ignore beside a nonce or a hash."""
    if not _has_nonce(sources):
        return sources
    kept = sources - {"'unsafe-inline'"}
    if "'strict-dynamic'" not in sources:
        return kept
    return {each for each in kept if each != "'self'" and not each.startswith(tuple(BROAD))}


def _has_nonce(sources: set[str]) -> bool:
    return any(source.startswith(NONCES) for source in sources)
