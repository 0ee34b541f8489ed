"""Who listens on a TCP port of this machine, read from /proc."""

from dataclasses import dataclass
from pathlib import Path

_LISTEN = "0A"


@dataclass(frozen=True)
class Listener:
    """A process that holds a port."""

    pid: int
    name: str


def find_listeners(port: int) -> list[Listener]:
    """Return the processes that listen on a TCP port, on whichever address."""
    inodes = {inode for table in ("tcp", "tcp6") for inode in _listening(Path("/proc/net") / table, port)}
    if not inodes:
        return []
    return _owners({f"socket:[{inode}]" for inode in inodes}) or [Listener(0, "a process that can't be named")]


def _listening(table: Path, port: int) -> list[str]:
    if not table.exists():
        return []
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    return [row[9] for row in rows if row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port]


def _owners(links: set[str]) -> list[Listener]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(fd.readlink()) in links for fd in (process / "fd").iterdir()):
                found.append(Listener(int(process.name), (process / "comm").read_text().strip()))
        except OSError:  # the process ended while it was looked at
            continue
    return found
