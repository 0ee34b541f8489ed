"""Reaching the droplet by SSH from wherever this is run, for the commands that a deploy's pipeline calls beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import yaml

from slipway.account import api_of, read_config
from slipway.caller import caller_address
from slipway.environment import LOCAL, stack_environment
from slipway.errors import ConfigurationFault
from slipway.facts import read_facts
from slipway.project import Project
from slipway.window import Door, declared_networks, deploy_window, is_inside

SETTING = "slipway:deployWindow"


@contextmanager
def reachable(project: Project, stack: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the deploy window open while the block runs, where the stack has one and this machine needs it."""
    found = _door(project, stack) if has_window(project, stack) else None
    if found is None:
        yield
        return
    door, address = found
    with deploy_window(door, address, say):
        yield


def has_window(project: Project, stack: str) -> bool:
    """Tell whether a stack's file switches the deploy window on; no pulumi is asked, which would take a second."""
    file = project.root / f"Pulumi.{stack}.yaml"
    config = (yaml.safe_load(file.read_text()) or {}).get("config") or {} if file.is_file() else {}
    return str(config.get(SETTING)).lower() == "true"


def door_of(project: Project, stack: str) -> Door:
    """Return port 22 of a stack's firewall; raises ConfigurationFault."""
    environment = os.environ | stack_environment(project, stack)
    config = read_config(project, stack, environment)
    api = api_of(config, environment)
    if api is None:
        raise ConfigurationFault(f"No API token is given for stack '{stack}': export DIGITALOCEAN_TOKEN=…")
    return Door(api, stack, declared_networks(config))


def _door(project: Project, stack: str) -> tuple[Door, str] | None:
    address = caller_address(read_facts(project, stack).address, asks_outside=stack != LOCAL)
    door = door_of(project, stack)
    return None if is_inside(address, [str(network) for network in door.declared]) else (door, address)
