"""The limit on requests: last, since it refuses this machine for a while."""

from __future__ import annotations

import httpx
import pytest

from verification.deployment import Deployment
from verification.expect import Expect
from verification.site import Site

pytestmark = pytest.mark.last


@pytest.mark.to_do(
    "`api-rate-limit` must stand on the API's router; slipway:rateLimitApiRpm sets how much it lets through."
)
def test_a_burst_is_limited(site: Site, deployment: Deployment, expect: Expect) -> None:
    """More than the burst at once gets 429 with the time to wait."""
    burst = max(1, deployment.rate_limit_api_rpm // 6)
    answers = [site.ask("/api/health") for _ in range(2 * burst + 20)]
    limited = [answer for answer in answers if answer.status_code == httpx.codes.TOO_MANY_REQUESTS]
    expect.at_least(f"refused of {len(answers)} at once", len(limited), 1)
    for answer in limited[:1]:
        expect.at_least("Retry-After", int(answer.headers.get("retry-after", 0)), 1, " s")
        expect.equal("X-Content-Type-Options of a refusal", answer.headers.get("x-content-type-options"), "nosniff")
    expect.note(f"{len(limited)} of {len(answers)} at once refused")
