"""The three diagrams, each drawn from what it shows."""

from __future__ import annotations

from typing import Any

import yaml

from manual.declared import Declared, declared
from manual.place import ROOT
from manual.svg import Box, Frame, draw
from rollout.plan import PLANS, Plan
from rollout.steps.base import Step
from traefik.render import render_dynamic
from traefik.settings import EdgeSettings, GuardedHost

FIRST_BESIDE = "start"  # the first step with containers of both releases
PROJECTS = {
    "edge": ("edge", "the only one that publishes ports; outlives every release"),
    "app": ("app-<release>", "one per release; two of them side by side during a switch"),
    "data": ("data", "on a volume of its own; outlives every release and the droplet"),
    "ops": ("ops", "off, unless its guarded host is enabled"),
}
ROOMS = ("network", "host", "dns", "images", "release", "facts")


def rollout() -> str:
    """Draw the steps of a release, from the engine's plan."""
    plan = PLANS["apply"]
    names = [step.name for step in plan.steps]
    begin, commit = names.index(FIRST_BESIDE), names.index(plan.commit) + 1
    frames = [
        Frame(
            "Prepare",
            "the old release serves; green steps have an undo",
            [_step(step) for step in plan.steps[:begin]],
            is_sequence=True,
        ),
        Frame(
            "Switch",
            f"old and new run side by side; whatever fails up to “{plan.commit}” brings the old one back",
            [_step(step) for step in plan.steps[begin:commit]],
            is_sequence=True,
        ),
        Frame("Tidy", "no way back from here", [_step(step) for step in plan.after_commit()], is_sequence=True),
        Frame("slipway rollback", "the same, to a release that is there", _quiet(PLANS["rollback"]), is_sequence=True),
    ]
    return draw(f"The steps of a release: {plan}", frames)


def _step(step: Step) -> Box:
    return Box(step.name, kind="plain" if type(step).undo is Step.undo else "strong")


def _quiet(plan: Plan) -> list[Box]:
    return [Box(step.name, kind="quiet") for step in plan.steps]


def droplet() -> str:
    """Draw what runs on a droplet and who reaches it: from the compose files, the routes and the firewall."""
    doors = _doors()
    frames = [Frame("Cloud firewall", "holds by tag, from the droplet's first packet", _firewall(declared()))]
    for file, (title, note) in PROJECTS.items():
        services = yaml.safe_load((ROOT / "compose" / f"{file}.yml").read_text(encoding="utf-8"))["services"]
        frames.append(Frame(title, note, [_service(name, said, doors) for name, said in services.items()]))
    return draw("What runs on a droplet, who reaches it, and how much memory each container may take", frames)


def _firewall(program: Declared) -> list[Box]:
    (firewall,) = program.of_type("Firewall")
    who = {"203.0.113.7/32": "slipway:operatorNetworks"}
    return [
        Box(
            f"{rule['protocol']} {rule['portRange']}",
            ", ".join(who.get(source, source) for source in rule["sourceAddresses"]),
            "strong",
        )
        for rule in firewall["inputs"]["inboundRules"]
    ]


def _doors() -> dict[str, str]:
    """Say by which address each service is reached through Traefik."""
    every = frozenset(GuardedHost)
    edge = EdgeSettings(
        "example.com",
        "https://acme-staging-v02.api.letsencrypt.org/directory",
        "ops@example.com",
        guarded=every,
        allow_list=("203.0.113.7/32",),
        has_users=True,
    )
    routers = yaml.safe_load(render_dynamic(edge, "release"))["http"]["routers"]
    found: dict[str, str] = {}
    for router in sorted(routers.values(), key=lambda each: -int(each["priority"])):
        if "Host(" in router["rule"]:
            found.setdefault(router["service"].removesuffix("-release"), _door(router["rule"]))
    return found


def _door(rule: str) -> str:
    quoted = [part for part in rule.split("`")[1::2] if not part.endswith("example.com")]
    hosts = [part for part in rule.split("`")[1::2] if part.endswith("example.com")]
    label = hosts[0].removesuffix("example.com")
    return quoted[0].rstrip("/") if quoted else label or "/"


def _service(name: str, said: dict[str, Any], doors: dict[str, str]) -> Box:
    ports = [f"port {port.split(':')[-1]}" for port in said.get("ports", [])]
    door = [doors[name]] if name in doors else []
    once = ["once"] if said.get("profiles") == ["oneshot"] else []
    memory = said["mem_limit"].removesuffix("m") + " MB"
    is_open = bool(ports or door)
    return Box(name, " · ".join([*ports, *door, *once, memory]), "strong" if is_open else "plain")


def resources() -> str:
    """Draw the tree of resources, from a run of the Pulumi program on mocks."""
    program = declared()
    frames = []
    for room in ROOMS:
        children = [_resource(kind, name) for kind, name in program.children_of(room)]
        frames.append(Frame(f"infra/{room}.py", f"slipway:{room}:{room.capitalize()}", children))
    alone = [_resource(kind, name) for kind, name in program.children_of(None)]
    frames.append(Frame("infra/__main__.py", "in no component", alone))
    return draw("What `pulumi up` declares, by component", frames)


def _resource(kind: str, name: str) -> Box:
    """Put the telling word first: what a cloud's resource is, and what a command is called."""
    is_command = kind.startswith("command:")
    return Box(name, kind, "quiet") if is_command else Box(kind, name)
