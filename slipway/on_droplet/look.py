"""Says as JSON what no verb of the rollout does: disks, memory, the last dump, and who released what."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path("/srv/slipway")
GROUPS = Path("/sys/fs/cgroup")
_NO_LIMIT_FROM = 1 << 60  # cgroup v1 writes a number of this size where there is no limit


def look(root: Path, groups: Path = GROUPS, meminfo: Path = Path("/proc/meminfo")) -> dict[str, Any]:
    """Look at the droplet; whatever isn't there yet is null or empty."""
    return {
        "disks": disks(root, root / "data"),
        "memory_total_mb": memory_total_mb(groups, meminfo),
        "dump": newest_dump(root / "backups"),
        "revisions": revisions(root / "releases"),
        "runs": runs(root / "journal.jsonl"),
    }


def disks(*folders: Path) -> list[dict[str, Any]]:
    """Return the size of each file system that the folders lie on, and how much is free."""
    found = {path.stat().st_dev: (path, shutil.disk_usage(path)) for path in reversed(folders) if path.is_dir()}
    return [
        {"path": str(path), "total_mb": usage.total >> 20, "free_mb": usage.free >> 20}
        for path, usage in reversed(found.values())
    ]


def memory_total_mb(groups: Path, meminfo: Path) -> int:
    """Return the machine's memory, or less where a limit of its own holds."""
    total = next(int(line.split()[1]) << 10 for line in meminfo.read_text().splitlines() if line.startswith("MemTotal"))
    for file in (groups / "memory" / "memory.limit_in_bytes", groups / "memory.max"):
        text = file.read_text().strip() if file.is_file() else "max"
        if text.isdigit() and int(text) < _NO_LIMIT_FROM:
            total = min(total, int(text))
    return total >> 20


def newest_dump(folder: Path) -> dict[str, Any] | None:
    """Return the newest dump of the database."""
    found = sorted(folder.glob("*.dump"), key=lambda path: path.stat().st_mtime) if folder.is_dir() else []
    if not found:
        return None
    facts = found[-1].stat()
    return {"file": found[-1].name, "bytes": facts.st_size, "at": facts.st_mtime}


def revisions(folder: Path) -> dict[str, str]:
    """Return the revision of each release; a folder of what failed or is half staged is none."""
    found = [path for path in sorted(folder.glob("*/manifest.json")) if "." not in path.parent.name]
    return {path.parent.name: json.loads(path.read_text())["revision"] for path in found}


def runs(journal: Path) -> dict[str, dict[str, Any]]:
    """Return by release how it came: the last `apply` of it in the journal, by whom, and how that ended."""
    by_run: dict[str, dict[str, Any]] = {}
    for line in _lines(journal):
        if line.get("event") == "begin" and line.get("verb") == "apply":
            by_run[line["run"]] = {
                "release": line["release"],
                "who": line.get("who"),
                "began": line["time"],
                "outcome": None,
            }
        elif line.get("event") == "end" and line.get("run") in by_run:
            by_run[line["run"]] |= {"outcome": line["outcome"], "ended": line["time"]}
    return {run["release"]: run for run in by_run.values()}


def _lines(journal: Path) -> list[dict[str, Any]]:
    texts = journal.read_text(errors="replace").splitlines() if journal.is_file() else []
    found = []
    for text in texts:
        try:
            line = json.loads(text)
        except json.JSONDecodeError:  # the line that a crash cut short
            continue
        if isinstance(line, dict):
            found.append(line)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(look(ROOT)) + "\n")
