"""The `connection` input: its schema, its defaults and its typed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolchain.plugins.command.shared import Types, wrong_types
from toolchain.plugins.provider import CheckResult, Failure, refuse_unlisted
from toolchain.plugins.values import UNKNOWN, Properties

_DEFAULTS = {"user": "root", "port": 22, "dialErrorLimit": 10, "perDialTimeout": 15}
_TYPES: Types = {
    "host": str,
    "user": str,
    "port": (int, float),
    "password": str,
    "privateKey": str,
    "privateKeyPassword": str,
    "agentSocketPath": str,
    "dialErrorLimit": (int, float),
    "perDialTimeout": (int, float),
    "hostKey": str,
}
_HOP_INPUTS = frozenset(_TYPES)


@dataclass(frozen=True, repr=False)
class Connection:
    """How to reach one machine; no repr, because it holds keys."""

    host: str
    user: str
    port: int
    password: str | None
    private_key: str | None
    private_key_password: str | None
    agent_socket_path: str | None
    dial_error_limit: int
    """Failed attempts to bear before giving up; -1 bears any number."""
    per_dial_timeout_s: int
    """0 for none."""
    host_key: str | None
    proxy: Connection | None = None

    @property
    def endpoint(self) -> str:
        """The address as one reads it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def connection_of(value: Properties) -> Connection:
    """Read a checked `connection` input."""
    full = {**_DEFAULTS, **{key: item for key, item in value.items() if item is not None}}
    proxy = full.get("proxy")
    return Connection(
        host=full["host"],
        user=full["user"],
        port=int(full["port"]),
        password=full.get("password"),
        private_key=full.get("privateKey"),
        private_key_password=full.get("privateKeyPassword"),
        agent_socket_path=full.get("agentSocketPath"),
        dial_error_limit=int(full["dialErrorLimit"]),
        per_dial_timeout_s=int(full["perDialTimeout"]),
        host_key=full.get("hostKey"),
        proxy=connection_of(proxy) if proxy else None,
    )


def check_connection(inputs: Properties) -> CheckResult:
    """Return the inputs with the connection's defaults in place; no message repeats a value."""
    value = inputs.get("connection")
    if value is UNKNOWN or value is None:
        return CheckResult(inputs)
    filled, failures = _check_hop(value, "connection", _HOP_INPUTS | {"proxy"})
    proxy = filled.get("proxy") if isinstance(filled, dict) else None
    if proxy is not None and proxy is not UNKNOWN:
        filled["proxy"], more = _check_hop(proxy, "connection.proxy", _HOP_INPUTS)
        failures += more
    return CheckResult({**inputs, "connection": filled}, failures)


def _check_hop(value: Any, path: str, allowed: frozenset[str]) -> tuple[Any, list[Failure]]:
    if not isinstance(value, dict):
        return value, [Failure(path, "must be a map")]
    failures = refuse_unlisted(value, allowed, "an SSH connection", path)
    failures += [Failure(f"{path}.{item.property}", item.reason) for item in wrong_types(value, _TYPES)]
    if value.get("host") in (None, ""):
        failures.append(Failure(f"{path}.host", "is required"))
    return {**_DEFAULTS, **{key: item for key, item in value.items() if item is not None}}, failures
