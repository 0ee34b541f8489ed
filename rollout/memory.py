"""How much memory new processes can have on this machine."""

from pathlib import Path

_MIB = 1 << 20


def free_memory_mb(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return the MiB to be had without swapping: the kernel's estimate, or less under a limit of the machine's own.

    A machine that is itself a container has such a limit, of which /proc/meminfo knows nothing. Page cache counts
    as free, shared memory doesn't. Files: Linux, Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst.
    """
    rows = _pairs(proc / "meminfo")
    available = rows["MemAvailable:"] << 10
    room = _room(groups / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache", "total_shmem")
    if room is None:
        room = _room(groups, "memory.max", "memory.current", "file", "shmem")
    return (available if room is None else max(0, min(available, room))) // _MIB


def _room(group: Path, limit: str, usage: str, cache: str, shared: str) -> int | None:
    """Return the bytes left below a group's limit; None when it has none."""
    try:
        ceiling = int((group / limit).read_text())
        used = int((group / usage).read_text())
    except (FileNotFoundError, ValueError):  # `max` stands for no limit
        return None
    rows = _pairs(group / "memory.stat")
    return ceiling - (used - rows[cache] + rows[shared])


def _pairs(file: Path) -> dict[str, int]:
    rows = (line.split() for line in file.read_text().splitlines())
    return {fields[0]: int(fields[1]) for fields in rows}
