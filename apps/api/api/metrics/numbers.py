"""What is counted, each under the name that dashboards ask for."""

from prometheus_client import Counter, Gauge, Histogram

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS = Histogram(
    "slipway_http_request_duration_seconds",
    "Requests by method, route and status",
    ["method", "route", "status"],
    buckets=BUCKETS_S,
)
IN_FLIGHT = Gauge("slipway_http_requests_in_flight", "Requests being answered", multiprocess_mode="livesum")
PASSWORD_HASHES = Counter("slipway_password_hashes", "Passwords hashed or checked, for unknown accounts too")
PASSWORD_QUEUE = Gauge(
    "slipway_password_queue", "Passwords being hashed or waiting for it", multiprocess_mode="livesum"
)
LIMITED = Counter("slipway_rate_limited", "Requests refused by a limit", ["limit"])
DATABASE_CONNECTIONS = Gauge(
    "slipway_database_connections", "Connections of the pool", ["state"], multiprocess_mode="livesum"
)
