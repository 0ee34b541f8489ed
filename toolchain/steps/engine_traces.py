"""What an engine leaves in the machine's network when it ends, and how to take that away again."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from toolchain.files import write_whole

BRIDGE = "docker0"
FORWARD = Path("/proc/sys/net/ipv4/ip_forward")
FILTERS = ("iptables", "ip6tables")


@dataclass(frozen=True)
class Network:
    """The machine's packet filters, forwarding and bridge at one moment."""

    filters: Mapping[str, str]
    forwards: str
    has_bridge: bool

    @classmethod
    def now(cls) -> Network:
        """Look at the machine."""
        saved = {name: _saved(name) for name in FILTERS if shutil.which(f"{name}-save")}
        return cls(
            {name: text for name, text in saved.items() if text is not None},
            FORWARD.read_text().strip(),
            Path("/sys/class/net", BRIDGE).exists(),
        )

    @classmethod
    def read(cls, path: Path) -> Network:
        """Read what `write` kept."""
        return cls(**json.loads(path.read_text()))

    def write(self, path: Path) -> None:
        """Keep it for the day when the engine is stopped."""
        write_whole(path, json.dumps(asdict(self)) + "\n", 0o600)


def restore(before: Network) -> None:
    """Take away what Docker added since `before`; what others added since stays."""
    after = Network.now()
    for name, text in after.filters.items():
        for argv in undoing(name, before.filters.get(name, text), text):
            subprocess.run(argv, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    if after.has_bridge and not before.has_bridge:
        subprocess.run(["ip", "link", "delete", BRIDGE], check=True, capture_output=True)
    if after.forwards != before.forwards:
        FORWARD.write_text(before.forwards)


def undoing(command: str, before: str, after: str) -> list[list[str]]:
    """Return the commands that take Docker's rules, chains and policy out of the filters: rules first, chains last."""
    old = dict(_tables(before))
    rules, chains, policies = [], [], []
    for table, lines in _tables(after):
        known = set(old.get(table, ()))
        policy_of = {line.split()[0]: line.split()[1] for line in known if line.startswith(":")}
        start = [command, "--wait", "--table", table]
        for line in lines:
            if line.startswith("-A") and line not in known and _is_dockers(line):
                rules.append([*start, *shlex.split(line.replace("-A", "--delete", 1))])
            elif line.startswith(":"):
                name, policy = line.split()[:2]
                if _is_dockers(line) and name not in policy_of:
                    chains += [[*start, "--flush", name[1:]], [*start, "--delete-chain", name[1:]]]
                elif name == ":FORWARD" and policy != policy_of.get(name, "ACCEPT"):
                    policies.append([*start, "--policy", "FORWARD", policy_of.get(name, "ACCEPT")])
    # A chain can go only when nothing points at it any more.
    flushes = [argv for argv in chains if "--flush" in argv]
    return [*rules, *flushes, *(argv for argv in chains if "--flush" not in argv), *policies]


def _is_dockers(line: str) -> bool:
    return "DOCKER" in line or BRIDGE in line


def _tables(saved: str) -> Iterator[tuple[str, list[str]]]:
    table = ""
    lines: list[str] = []
    for line in saved.splitlines():
        if line.startswith("*"):
            table, lines = line[1:], []
        elif line == "COMMIT":
            yield table, lines
        elif line.startswith((":", "-A")):
            lines.append(_without_counters(line))


def _without_counters(line: str) -> str:
    return line.rpartition(" [")[0] if line.startswith(":") else line


def _saved(command: str) -> str | None:
    """Return a filter's rules, or None where the kernel has no such filter (often that of IPv6)."""
    done = subprocess.run([f"{command}-save"], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None
