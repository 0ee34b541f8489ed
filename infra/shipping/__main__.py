"""`python -m infra.shipping build|fetch|ship`: the order comes on stdin, the result goes to stdout, both JSON."""

from __future__ import annotations

import asyncio
import json
import sys

from infra.errors import InfraError
from infra.shipping.build import build, fetch
from infra.shipping.ship import Order, ship

USAGE = "usage: python -m infra.shipping build|fetch|ship < order.json"


def main(arguments: list[str]) -> int:
    """Run one verb; returns the exit code (0 done, 1 failed, 2 usage)."""
    if len(arguments) != 1 or arguments[0] not in {"build", "fetch", "ship"}:
        sys.stderr.write(USAGE + "\n")
        return 2
    order = json.load(sys.stdin)
    try:
        if arguments[0] == "ship":
            result: object = asyncio.run(ship(Order(**order)))
        else:
            result = build(order) if arguments[0] == "build" else fetch(order)
    except InfraError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    json.dump(result, sys.stdout, sort_keys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
