"""What a stack needs to be told, and whether an answer is one that the settings take."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from infra.settings import NAMESPACE, Settings

TOKEN_KEY = "digitalocean:token"  # noqa: S105 - a setting's name


@dataclass(frozen=True)
class Question:
    """One thing to be answered: its setting, the option that answers it, and what is asked."""

    key: str
    option: str
    text: str
    default: Callable[[], str | None] = lambda: None
    is_list: bool = False

    def as_value(self, answer: str) -> str:
        """Write an answer as the configuration has it: a list as JSON."""
        if not self.is_list or answer.lstrip().startswith("["):
            return answer.strip()
        return json.dumps([part.strip() for part in answer.replace(",", " ").split()])


@dataclass(frozen=True)
class Answers:
    """What was given by options; None and empty mean: not said."""

    domain: str | None = None
    email: str | None = None
    networks: Sequence[str] = ()
    region: str | None = None
    size: str | None = None
    guarded: Sequence[str] = ()
    deploy_window: bool | None = None
    ssh_key: str | None = None
    token: str | None = field(default=None, repr=False)

    def given(self) -> dict[str, str]:
        """Return the settings that the options say, without secrets."""
        said = {
            "slipway:domain": self.domain,
            "slipway:acmeEmail": self.email,
            "slipway:operatorNetworks": json.dumps(list(self.networks)) if self.networks else None,
            "slipway:region": self.region,
            "slipway:size": self.size,
            "slipway:guardedHosts": json.dumps(list(self.guarded)) if self.guarded else None,
            "slipway:deployWindow": None if self.deploy_window is None else json.dumps(self.deploy_window),
            "slipway:sshKeyFile": self.ssh_key,
        }
        return {key: value for key, value in said.items() if value is not None}


def questions(network: Callable[[], str | None]) -> list[Question]:
    """List what is asked, in this order; `network` finds a default for who may reach SSH."""
    return [
        Question("slipway:domain", "--domain", "The site's domain, like staging.example.com"),
        Question("slipway:acmeEmail", "--email", "Where the certificate authority may write to you"),
        Question("slipway:operatorNetworks", "--network", "Networks that may reach SSH", network, is_list=True),
        Question("slipway:region", "--region", "Region of the droplet", _default("region")),
        Question("slipway:size", "--size", "Size of the droplet", _default("size")),
    ]


def _default(name: str) -> Callable[[], str | None]:
    return lambda: str(Settings.model_fields[name].default)


def problem_with(key: str, value: str) -> str | None:
    """Say what the settings have against one value; None when they take it."""
    name = key.removeprefix(NAMESPACE)
    try:
        Settings.model_validate({name: value})
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            if detail["loc"][0] == name:
                return str(detail["msg"]).removeprefix("Value error, ")
    return None


def unanswered(asked: Sequence[Question], known: Mapping[str, str]) -> Iterator[Question]:
    """Yield the questions that neither the configuration nor an option answers."""
    yield from (question for question in asked if question.key not in known)
