"""Commands on the droplet, or in a container there."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from slipway.errors import ConfigurationFault
from slipway.facts import Facts
from slipway.remote import ssh_argv

SHELLS = "command -v bash >/dev/null && exec bash || exec sh"


def exec_argv(facts: Facts, words: Sequence[str], *, terminal: bool) -> list[str]:
    """Build the argv that runs a command on the droplet: one word is a line for its shell, several are exact."""
    return [*ssh_argv(facts, terminal=terminal), *_line(words)]


def exec_in_argv(
    facts: Facts, status: Mapping[str, Any], service: str, words: Sequence[str], *, terminal: bool
) -> list[str]:
    """Build the argv that runs a command in a service's container, or a shell; raises ConfigurationFault."""
    projects = {str(each["name"]): str(each["project"]) for each in status["services"]}
    if service not in projects:
        raise ConfigurationFault(f"there is no service {service}; choose of: {', '.join(sorted(projects))}")
    inner = ["sh", "-c", words[0] if len(words) == 1 else SHELLS] if len(words) < 2 else list(words)
    flags = [] if terminal else ["-T"]
    line = shlex.join(["docker", "compose", "-p", projects[service], "exec", *flags, service, *inner])
    return [*ssh_argv(facts, terminal=terminal), line]


def _line(words: Sequence[str]) -> list[str]:
    return [words[0] if len(words) == 1 else shlex.join(words)] if words else []
