"""The database's own limit: pgbench runs the API's statements, as many at a time as a pool has connections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.statements import statement
from benchmarks.api.asking import NEW_ITEM
from benchmarks.api.containers import NETWORK, SERVER_CORE, docker
from benchmarks.api.data import Data, Seeded
from benchmarks.api.servers import POOL

IDS = 50  # each is a script, and each script prepares its statement on every connection first
NEWEST = {"time": "9999-12-31 23:59:59.999999+00", "newest": "ffffffff-ffff-ffff-ffff-ffffffffffff"}


@dataclass(frozen=True)
class Work:
    """What pgbench runs: scripts of one statement each, by turns, and the values of their variables."""

    scripts: Sequence[str]
    values: dict[str, str]


def filled(text: str, *names: str) -> str:
    """Return a statement with pgbench's names in the place of the numbers of its parameters."""
    return re.sub(r"\$(\d+)", lambda found: f":{names[int(found[1]) - 1]}", text) + ";\n"


def work_of(who: Seeded) -> dict[str, Work]:
    """Return the statement behind each request, with the parameters that the API gives it."""
    said = {"session": str(who.session_id), "account": str(who.account_id)}
    written = {**said, **NEW_ITEM, "ip": "127.0.0.1", "agent": "bench", "request": "bench"}
    every = max(1, len(who.item_ids) // IDS)
    ids = {f"id{n}": str(item_id) for n, item_id in enumerate(who.item_ids[::every])}
    one = statement("items", "one")
    return {
        "GET /items?limit=20": Work(
            [filled(statement("items", "page"), "time", "newest", "limit")], {**NEWEST, "limit": "21"}
        ),
        "GET /items/{id}": Work([filled(one, name) for name in ids], ids),
        "GET /users/me": Work([filled(statement("accounts", "me"), "session", "account")], said),
        "POST /items": Work([filled(statement("items", "create"), *written)], written),
    }


def run(work: Work, data: Data, room: Path, seconds: int) -> float:
    """Return how many statements were done in a second."""
    folder = room / "pgbench"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for n, script in enumerate(work.scripts):
        (folder / f"{n}.sql").write_text(script, "utf-8")
    files = [f"--file=/bench/{n}.sql" for n in range(len(work.scripts))]
    values = [f"--define={name}={value}" for name, value in work.values.items()]
    place = ["--network", NETWORK, "--cpuset-cpus", SERVER_CORE, "--volume", f"{folder}:/bench:ro"]
    how = ["--no-vacuum", "--protocol=prepared", f"--client={POOL}", "--jobs=1", f"--time={seconds}"]
    # The password is this run's own and gone with it.
    command = ["pgbench", *how, *values, *files, data.url("api")]
    return read(docker("run", "--rm", *place, "postgres:17", *command))


def read(said: str) -> float:
    """Return the rate that pgbench reports."""
    found = re.search(r"^tps = ([0-9.]+)", said, re.MULTILINE)
    failed = re.search(r"^number of failed transactions: ([0-9]+)", said, re.MULTILINE)
    if found is None or (failed and failed[1] != "0"):
        raise ValueError(f"pgbench said no rate, or that statements failed:\n{said}")
    return float(found[1])
