"""The addresses of a deployment that a browser may open."""

from __future__ import annotations

import os
import sys
import webbrowser

from slipway.errors import ConfigurationFault
from slipway.facts import Facts

PUBLIC = {"site": "", "docs": "/api/docs"}
GUARDED = ("admin", "mail", "traefik", "flower", "pgadmin")
# The page that a person wants to see at a guarded host.
PATHS = {"admin": "/admin/", "traefik": "/dashboard/"}
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER")


def url_of(facts: Facts, door: str) -> str:
    """Return where a door is; raises ConfigurationFault for one that isn't, with the command that opens it."""
    if door in PUBLIC:
        return facts.site + PUBLIC[door]
    if door in facts.guarded_hosts:
        return facts.url_of(door) + PATHS.get(door, "")
    known = ", ".join([*PUBLIC, *sorted(facts.guarded_hosts)])
    if door not in GUARDED:
        raise ConfigurationFault(f"there is no '{door}' to open; choose of: {known}")
    hosts = ", ".join(f'"{host}"' for host in [*facts.guarded_hosts, door])
    raise ConfigurationFault(
        f"'{door}' is off in stack '{facts.stack}'; open are: {known}\n"
        f"Switch it on: pulumi config set slipway:guardedHosts '[{hosts}]' -s {facts.stack}, then slipway deploy"
    )


def has_browser() -> bool:
    """Tell whether a browser window could be seen here."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in _DISPLAYS)


def open_browser(url: str) -> bool:
    """Open a URL; returns whether a browser took it."""
    return has_browser() and webbrowser.open(url)
