"""`python -m toolchain`: make this machine ready, tell what is there, and take it away again."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

from rich.console import Console

from toolchain.environment import pulumi_environment
from toolchain.errors import PlanError, ToolchainError
from toolchain.install import install
from toolchain.plan import all_steps
from toolchain.progress import closing_table
from toolchain.removal import purge, what_goes
from toolchain.settings import Settings, read_settings
from toolchain.steps.engine import stop_engine

FAILED = 1
USAGE = 2


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    arguments = _parser().parse_args(argv)
    settings = read_settings()
    verbs: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
        "install": _install,
        "env": _env,
        "stop": _stop,
        "purge": _purge,
    }
    try:
        return verbs[arguments.verb](settings, arguments)
    except ToolchainError as error:
        Console(stderr=True).print(f"\n✗ {error}", markup=False, highlight=False, soft_wrap=True)
        return USAGE if isinstance(error, PlanError) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m toolchain", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    making = verbs.add_parser("install", help="make this machine ready; what is right already is left alone")
    making.add_argument("--only", action="append", default=[], metavar="STEP", help="this step and what it needs")
    making.add_argument("--tests", action="store_true", help="also what only the tests need")
    making.add_argument("--benches", action="store_true", help="also what only the benchmarks need")
    making.add_argument("--json", action="store_true", help="print the outcome of each step as JSON on stdout")
    verbs.add_parser("env", help="print which pulumi serves this checkout, as JSON")
    verbs.add_parser("stop", help="stop the Docker engine if this checkout started it")
    removing = verbs.add_parser("purge", help="remove what was added to the machine, and every cache")
    removing.add_argument("--yes", action="store_true", help="remove it; without this it is only listed")
    return parser


def _install(settings: Settings, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    console = Console(stderr=arguments.json)
    steps = all_steps(for_tests=arguments.tests, for_benches=arguments.benches)
    outcomes = install(settings, steps, console, arguments.only)
    seconds = time.monotonic() - began
    if arguments.json:
        print(json.dumps({"steps": [asdict(outcome) for outcome in outcomes], "seconds": round(seconds, 3)}))
    else:
        console.print(closing_table(outcomes, seconds))
    return 0


def _env(settings: Settings, arguments: argparse.Namespace) -> int:
    tools = pulumi_environment(settings=settings)
    facts = {
        "pulumi": str(tools.pulumi),
        "pulumi_home": str(tools.pulumi_home) if tools.pulumi_home else None,
        "origin": tools.origin,
        "path_entry": str(tools.path_entry) if tools.path_entry else None,
        "variables": tools.variables,
    }
    print(json.dumps(facts, indent=2))
    return 0


def _stop(settings: Settings, arguments: argparse.Namespace) -> int:
    print(stop_engine(settings))
    return 0


def _purge(settings: Settings, arguments: argparse.Namespace) -> int:
    for line in what_goes(settings):
        print(line)
    if not arguments.yes:
        print("nothing was removed: add --yes to remove all of this")
        return 0
    for line in purge(settings):
        print(f"left alone: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
