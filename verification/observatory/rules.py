"""The rules for everything but the Content-Security-Policy."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from verification.observatory.csp import content_security_policy
from verification.observatory.facts import Mark, Page

SIX_MONTHS_S = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
TELLING = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}


def strict_transport_security(page: Page) -> Mark:
    """Half a year at least; the five points for preloading are not for a staging site."""
    rule, advice = "strict-transport-security", "send max-age=31536000; includeSubDomains"
    value = page.header("strict-transport-security")
    if not value:
        return Mark(rule, -20, 0, "not sent", advice)
    age = re.search(r"max-age=\"?(\d+)", value)
    if age is None:
        return Mark(rule, -20, 0, "can't be read", advice)
    if int(age[1]) < SIX_MONTHS_S:
        return Mark(rule, -10, 0, f"for {int(age[1])} s only", advice)
    return Mark(rule, 0, 0, f"for {int(age[1]) // 86400} days")


def x_frame_options(page: Page) -> Mark:
    """Frames by others are refused, by this header or by the policy."""
    rule, value = "x-frame-options", page.header("x-frame-options")
    if re.search(r"(^|;)\s*frame-ancestors\s", page.header("content-security-policy")):
        return Mark(rule, 5, 5, "by frame-ancestors of the policy")
    if value in {"deny", "sameorigin"}:
        return Mark(rule, 5, 5, value)
    advice = "send SAMEORIGIN, and frame-ancestors in the policy"
    return Mark(rule, 0 if value.startswith("allow-from") else -20, 5, value or "not sent", advice)


def x_content_type_options(page: Page) -> Mark:
    """Browsers must not guess types."""
    value = page.header("x-content-type-options")
    is_right = value == "nosniff"
    return Mark(
        "x-content-type-options", 0 if is_right else -5, 0, value or "not sent", "" if is_right else "send nosniff"
    )


def referrer_policy(page: Page) -> Mark:
    """Other sites learn our name at most; the last value that a browser knows counts."""
    rule, advice = "referrer-policy", "send strict-origin-when-cross-origin"
    value = page.header("referrer-policy")
    if not value:
        return Mark(rule, 0, 5, "not sent", advice)
    known = [each.strip() for each in value.split(",") if each.strip() in PRIVATE | TELLING]
    is_private = bool(known) and known[-1] in PRIVATE
    return Mark(rule, 5 if is_private else -5, 5, value, "" if is_private else advice)


def _isolation(page: Page, name: str, good: set[str], neutral: set[str], advice: str) -> Mark:
    value = page.header(name)
    token = value.partition(";")[0].strip()
    if token in good:
        return Mark(name, 10, 10, value)
    points = 0 if token in neutral or not value else -5
    return Mark(name, points, 10, value or "not sent", advice)


def opener_policy(page: Page) -> Mark:
    """Windows that others open can't reach ours."""
    good = {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"}
    return _isolation(page, "cross-origin-opener-policy", good, {"unsafe-none"}, "send same-origin")


def resource_policy(page: Page) -> Mark:
    """Other sites can't load ours."""
    good = {"same-origin", "same-site"}
    return _isolation(page, "cross-origin-resource-policy", good, {"cross-origin"}, "send same-origin")


def embedder_policy(page: Page) -> Mark:
    """Ours load nothing of others that doesn't agree."""
    good = {"require-corp", "credentialless"}
    return _isolation(page, "cross-origin-embedder-policy", good, {"unsafe-none"}, "send require-corp")


def cookies(page: Page) -> Mark:
    """Secure, SameSite, and HttpOnly for sessions; a page without cookies loses nothing."""
    rule, said = "cookies", "none are set"
    points = 5 if page.cookies else 0
    for cookie in page.cookies:
        name, _, attributes = cookie.lower().partition("=")
        flags = {part.strip().partition("=")[0]: part.strip().partition("=")[2] for part in attributes.split(";")[1:]}
        worst, why = _worst_of_cookie(name, flags, has_hsts=strict_transport_security(page).points >= 0)
        if worst < points:
            points, said = worst, f"{name.strip()} {why}"
    best = 5 if page.cookies else 0
    if points == best:
        return Mark(rule, points, best, said if not page.cookies else "all are guarded")
    return Mark(rule, points, best, said, "set Secure, SameSite and, for sessions, HttpOnly")


def _worst_of_cookie(name: str, flags: dict[str, str], *, has_hsts: bool) -> tuple[int, str]:
    is_session, same_site = any(word in name for word in ("login", "sess")), flags.get("samesite")
    found = [(5, "is guarded")]
    if is_session and "secure" not in flags:
        found.append((-10 if has_hsts else -40, "is a session without Secure"))
    if is_session and "httponly" not in flags:
        found.append((-30, "is a session without HttpOnly"))
    if "secure" not in flags:
        found.append((-5 if has_hsts else -20, "has no Secure"))
    if "samesite" in flags and (
        same_site not in {"lax", "strict", "none"} or (same_site == "none" and "secure" not in flags)
    ):
        found.append((-20, "has a wrong SameSite"))
    if not same_site:
        found.append((-20, "is against forgery without SameSite") if "csrf" in name else (0, "has no SameSite"))
    return min(found)


def cross_origin_sharing(page: Page) -> Mark:
    """Another origin may not read with a visitor's cookies."""
    rule = "cross-origin-resource-sharing"
    allowed = page.foreign_headers.get("access-control-allow-origin", "")
    with_cookies = page.foreign_headers.get("access-control-allow-credentials", "").strip().lower() == "true"
    if allowed == page.foreign_origin and with_cookies:
        return Mark(rule, -50, 0, "any origin may read with cookies", "name the origins that may")
    return Mark(rule, 0, 0, f"allowed for {allowed}" if allowed else "not allowed")


def redirection(page: Page) -> Mark:
    """Plain HTTP leads to HTTPS of the same host at once."""
    rule, advice, location = "redirection", "redirect to https of the same host first", page.plain_http_location
    if not page.answers_plain_http:
        return Mark(rule, 0, 0, "no plain HTTP")
    if location is None:
        return Mark(rule, -20, 0, "plain HTTP is served", advice)
    target = urlsplit(location)
    if target.scheme != "https":
        return Mark(rule, -10, 0, f"leads to {location}", advice)
    if target.hostname != page.host:
        return Mark(rule, -5, 0, f"leads to {target.hostname}", advice)
    return Mark(rule, 0, 0, "to HTTPS of the same host")


def subresource_integrity(page: Page) -> Mark:
    """Scripts of others carry a hash; five points more if our own do as well."""
    rule, advice = "subresource-integrity", "give scripts an integrity attribute"
    if not page.scripts:
        return Mark(rule, 0, 0, "no scripts")
    foreign = [each for each in page.scripts if _is_foreign(each["src"], page.host)]
    if any("integrity" not in each for each in foreign):
        is_plain = any("integrity" not in each and not each["src"].startswith("https://") for each in foreign)
        return Mark(rule, -50 if is_plain else -5, 5, "scripts of others without a hash", advice)
    if any(not each["src"].startswith("https://") for each in foreign):
        return Mark(rule, -20, 5, "scripts of others over plain HTTP", "load them over https")
    if foreign or any("integrity" in each for each in page.scripts):
        return Mark(rule, 5, 5, "scripts carry hashes")
    return Mark(rule, 0, 5, "scripts of this site only, without hashes", advice)


def _is_foreign(source: str, host: str) -> bool:
    if source.startswith("//"):
        return True
    return source.startswith(("http://", "https://")) and urlsplit(source).hostname != host


RULES = (
    content_security_policy,
    cookies,
    cross_origin_sharing,
    embedder_policy,
    opener_policy,
    redirection,
    referrer_policy,
    resource_policy,
    strict_transport_security,
    subresource_integrity,
    x_content_type_options,
    x_frame_options,
)
