"""The account at DigitalOcean, or at the local cloud, by its public API."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

from infra.errors import SettingsError
from infra.keys import OperatorKey
from infra.loading import PUBLIC_API_URL, TOKEN_VARIABLES, load_settings
from infra.settings import Settings
from slipway.asking import ask_pulumi
from slipway.errors import ApiFault, ConfigurationFault
from slipway.project import Project

TIMEOUT_S = 20
PAGE = 200


@dataclass(frozen=True)
class Api:
    """One account, as its token opens it."""

    url: str
    token: str = field(repr=False)

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Make a request and return the answer's document; raises ApiFault, or ConfigurationFault for a refused token.

        Source: https://docs.digitalocean.com/reference/api/digitalocean/
        """
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            answer = httpx.request(
                method, self.url + path, json=body, headers=headers, timeout=TIMEOUT_S, verify=_trusted()
            )
        except httpx.HTTPError as error:
            raise ApiFault(f"{self.url} can't be reached: {error}", None) from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise ConfigurationFault(
                f"{self.url} refuses the API token (401); nothing was changed.\n"
                f"Make a new token in DigitalOcean's control panel, then: export {TOKEN_VARIABLES[0]}=…"
            )
        if not answer.is_success:
            raise ApiFault(f"{method} {path} answers {answer.status_code}: {_reason(answer)}", answer.status_code)
        return dict(answer.json()) if answer.content else {}

    def every(self, path: str, key: str) -> list[dict[str, Any]]:
        """Return all objects of a list, page by page."""
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            document = self.ask("GET", f"{path}{'&' if '?' in path else '?'}page={page}&per_page={PAGE}")
            found += document[key]
            if "next" not in document.get("links", {}).get("pages", {}):
                return found
            page += 1


@cache
def _trusted() -> ssl.SSLContext:
    """Read the CAs once: that takes longer than a request."""
    return httpx.create_ssl_context()


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase


@dataclass(frozen=True)
class Access:
    """A stack's validated settings, and the account that it lives in."""

    settings: Settings
    operator_key: OperatorKey
    api: Api


def read_config(project: Project, stack: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the stack's whole configuration, secrets decrypted; raises ConfigurationFault."""
    done = ask_pulumi(["config", "--show-secrets", "--json", "--stack", stack], project.root, environment)
    if done.returncode != 0:
        raise ConfigurationFault(
            f"The configuration of stack '{stack}' can't be read: {done.stderr.strip().removeprefix('error: ')}\n"
            "First: pulumi login (or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL), then: "
            f"slipway init -s {stack}; the settings it needs are in docs/configuration.md."
        )
    entries = json.loads(done.stdout)
    return {
        key: entry["value"] if isinstance(entry["value"], str) else json.dumps(entry["value"])
        for key, entry in entries.items()
    }


def api_of(config: Mapping[str, str], environment: Mapping[str, str]) -> Api | None:
    """Return the account that a configuration and an environment lead to; None without a token."""
    url = config.get("digitalocean:apiEndpoint") or environment.get("DIGITALOCEAN_API_URL") or PUBLIC_API_URL
    token = config.get("digitalocean:token") or next(
        (environment[name] for name in TOKEN_VARIABLES if environment.get(name)), None
    )
    return None if token is None else Api(url.rstrip("/"), token)


def check_credentials(project: Project, stack: str, environment: Mapping[str, str]) -> Access:
    """Validate every setting and ask the API whether it takes the token, before anything is created."""
    config = read_config(project, stack, environment)
    try:
        settings, key = load_settings(stack, config, environment, project.root)
    except SettingsError as error:
        raise ConfigurationFault(str(error)) from error
    api = api_of(config, environment)
    if api is None:  # the settings name a missing token as a fault
        raise ConfigurationFault(f"no API token is given for stack '{stack}'")
    try:
        api.ask("GET", "/v2/account")
    except ApiFault as error:
        raise ConfigurationFault(f"{error}\nNothing was changed.") from error
    return Access(settings, key, api)
