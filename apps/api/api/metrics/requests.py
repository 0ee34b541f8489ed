"""Observing requests: a label set is looked up once, for building one costs more than counting."""

from functools import cache

from prometheus_client import Histogram
from starlette.types import Scope

from api.metrics.numbers import REQUESTS

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNMATCHED = "unmatched"  # every path that no route has, or anybody could make labels without end


@cache
def histogram(method: str, route: str, status: int) -> Histogram:
    """Return the one histogram of these labels."""
    return REQUESTS.labels(method, route, str(status))


def observe(scope: Scope, status: int | None, seconds: float) -> None:
    """Count a request that ended; one without an answer was cut off."""
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    histogram(method, getattr(scope.get("route"), "path", UNMATCHED), status or 499).observe(seconds)
