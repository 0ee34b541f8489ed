"""The provider's own configuration: from program, stack or environment; no token gets into the state."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from toolchain.plugins.digitalocean.client import DEFAULT_ENDPOINT, Settings
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import UNKNOWN, Properties, Value

TOKEN_VARIABLES = ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN")
ENDPOINT_VARIABLE = "DIGITALOCEAN_API_URL"
NUMBERS = {
    "httpRetryMax": "DIGITALOCEAN_HTTP_RETRY_MAX",
    "httpRetryWaitMin": "DIGITALOCEAN_HTTP_RETRY_WAIT_MIN",
    "httpRetryWaitMax": "DIGITALOCEAN_HTTP_RETRY_WAIT_MAX",
    "requestsPerSecond": "DIGITALOCEAN_REQUESTS_PER_SECOND",
}
SPACES = frozenset({"spacesAccessId", "spacesEndpoint", "spacesSecretKey"})
"""Taken without a word: they matter only to Spaces resources, and those are refused by name."""
ENGINE_KEYS = frozenset({"version", "pluginDownloadURL"})
COVERED = frozenset({"apiEndpoint", "token", *NUMBERS}) | SPACES | ENGINE_KEYS


def check_configuration(news: Properties) -> list[Failure]:
    """Return what is wrong with the provider's inputs."""
    failures = [
        Failure(name, f"the provider has no support for {name!r} here")
        for name in sorted(news)
        if name not in COVERED and news[name] is not None and not name.startswith("__")
    ]
    endpoint = news.get("apiEndpoint")
    if isinstance(endpoint, str) and endpoint:
        failures += _check_endpoint(endpoint)
    for name in NUMBERS:
        value = news.get(name)
        if value is not None and value is not UNKNOWN and _number(value) is None:
            failures.append(Failure(name, f"must be a number that is not negative, not {value!r}"))
    return failures


def _check_endpoint(endpoint: str) -> list[Failure]:
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return [Failure("apiEndpoint", f"{endpoint!r} must start with http:// or https:// and name a host")]
    if parts.path.strip("/"):
        return [Failure("apiEndpoint", f"{endpoint!r} must end with the host: every path of the API starts with /v2")]
    return []


def read_configuration(args: Properties, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings: what the program or the stack says, else the environment, else the defaults."""
    env = os.environ if environ is None else environ
    token = args.get("token") or next((env[name] for name in TOKEN_VARIABLES if env.get(name)), "")
    endpoint = args.get("apiEndpoint") or env.get(ENDPOINT_VARIABLE) or DEFAULT_ENDPOINT
    numbers = {name: _number(args.get(name)) for name in NUMBERS}
    numbers |= {name: _number(env.get(variable)) for name, variable in NUMBERS.items() if numbers[name] is None}
    defaults = Settings()
    return Settings(
        token=str(token),
        endpoint=str(endpoint),
        retry_max=int(_or(numbers["httpRetryMax"], defaults.retry_max)),
        retry_wait_min_s=_or(numbers["httpRetryWaitMin"], defaults.retry_wait_min_s),
        retry_wait_max_s=_or(numbers["httpRetryWaitMax"], defaults.retry_wait_max_s),
        requests_per_second=_or(numbers["requestsPerSecond"], defaults.requests_per_second),
    )


def _number(value: Value) -> float | None:
    """Return the number; the SDK sends it as JSON text."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number >= 0 else None


def _or(number: float | None, default: float) -> float:
    return default if number is None else number
