"""The whole examination: each area with what it needs, and none stopped by a fault in another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dnslib import DNSError

from infra.errors import Fault, SettingsError
from infra.keys import OperatorKey
from infra.loading import load_settings
from infra.settings import Settings
from slipway.account import Api, api_of, read_config
from slipway.caller import caller_address
from slipway.certificate import read_certificate
from slipway.doctor import stack as looks
from slipway.doctor.account import ACCOUNT, Account, look_at_account
from slipway.doctor.finding import Finding
from slipway.doctor.local_cloud import look_at_local_cloud
from slipway.doctor.machine import Machine, look_at_machine
from slipway.doctor.stack import STACK
from slipway.environment import LOCAL, stack_environment
from slipway.errors import ConfigurationFault, NotDeployed, SlipwayError, Unreachable
from slipway.facts import Facts, read_facts
from slipway.project import Project
from slipway.remote import ask_engine
from slipway.window import Door
from toolchain.errors import ToolMissing
from verification.dns import addresses_of


@dataclass(frozen=True)
class Configuration:
    """What could be read of a stack's configuration, and what is wrong with it."""

    raw: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: Settings | None = None
    operator_key: OperatorKey | None = None
    faults: tuple[Fault, ...] = ()
    why_unread: str | None = None


def examine(project: Project, stack: str) -> Iterator[Finding]:
    """Look at machine, account and stack, in this order; nothing is changed."""
    environment = dict(os.environ)
    try:
        environment |= stack_environment(project, stack)
        has_pulumi = True
    except ToolMissing:  # the machine's findings say so
        has_pulumi = False
    machine = Machine(project, stack, environment)
    yield from look_at_machine(machine)
    if machine.is_local:
        yield from look_at_local_cloud(machine)
    if not has_pulumi:
        yield ACCOUNT.skipped("token", "without a pulumi the configuration can't be read")
        yield STACK.skipped("settings", "without a pulumi they can't be read")
        return
    found = read_configuration(project, stack, environment)
    api = api_of(found.raw, environment)
    if api is None:
        yield ACCOUNT.fault("token", "none is given", "export DIGITALOCEAN_TOKEN=…, or: slipway init")
    else:
        yield from look_at_account(Account(api, stack, found.settings, found.operator_key))
    yield from _configured(project, stack, found, environment)
    if api is not None and found.settings is not None:
        yield from _window(api, stack, found.settings)
    yield from deployment(project, stack, found.settings)


def _configured(
    project: Project, stack: str, found: Configuration, environment: Mapping[str, str]
) -> Iterator[Finding]:
    yield from looks.settings(found.faults, found.why_unread)
    yield looks.secrets(project, stack)
    if found.why_unread is None:
        yield from looks.state(stack, looks.pulumi_state(project, stack, environment))


def read_configuration(project: Project, stack: str, environment: Mapping[str, str]) -> Configuration:
    """Read and validate a stack's configuration; what is wrong becomes part of the answer."""
    try:
        raw = read_config(project, stack, environment)
    except ConfigurationFault as why:
        return Configuration(why_unread=str(why))
    try:
        settings, key = load_settings(stack, raw, environment, project.root)
    except SettingsError as error:
        return Configuration(raw, faults=tuple(error.faults))
    return Configuration(raw, settings, key)


def _window(api: Api, stack: str, settings: Settings) -> Iterator[Finding]:
    try:
        left = Door(api, stack, settings.operator_networks).left_open()
    except SlipwayError as why:
        yield STACK.skipped("window", str(why).partition("\n")[0])
        return
    yield looks.window(stack, left, is_wanted=settings.deploy_window)


def deployment(project: Project, stack: str, settings: Settings | None) -> Iterator[Finding]:
    """Look at the deployed system, from the outside in."""
    try:
        facts = read_facts(project, stack)
    except (NotDeployed, ConfigurationFault) as why:
        yield STACK.skipped("deployment", str(why).partition("\n")[0])
        return
    known = facts.known_hosts.read_text() if facts.known_hosts.is_file() else None
    yield looks.host_key(stack, facts.address, known)
    reached = _ssh(facts, settings)
    yield reached
    yield _dns(facts)
    try:
        certificate = read_certificate(facts.address, facts.domain)
    except Unreachable:
        certificate = None
    yield looks.certificate(stack, facts.domain, certificate)
    if reached.state != "well":
        yield STACK.skipped("release", "can't be asked for without SSH")
        return
    yield from _rollout(facts)


def _ssh(facts: Facts, settings: Settings | None) -> Finding:
    return looks.ssh(
        facts.stack,
        facts.address,
        facts.ssh_port,
        networks=() if settings is None else settings.operator_networks,
        find_own=lambda: _own_address(facts),
        has_window=settings is not None and settings.deploy_window,
    )


def _own_address(facts: Facts) -> str | None:
    try:
        return caller_address(facts.address, asks_outside=facts.stack != LOCAL)
    except ConfigurationFault:
        return None  # the finding does without it


def _dns(facts: Facts) -> Finding:
    try:
        found = sorted(addresses_of(facts.domain, facts.dns_server))
    except (OSError, DNSError):
        found = []
    return looks.dns(facts.stack, facts.domain, facts.address, found, facts.dns_server)


def _rollout(facts: Facts) -> Iterator[Finding]:
    try:
        now = ask_engine(facts, "status")
    except SlipwayError as why:
        yield STACK.fault("release", str(why).partition("\n")[0], f"pulumi up -s {facts.stack}")
        return
    yield from looks.rollout(facts.stack, now)
