"""What a release is made from, by content: digests of folders and the revision they stand at."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

# Not part of any image: what tools leave beside the sources, and the tests.
LEFT_OUT = frozenset(
    {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules", "dist", "tests", "coverage", ".vite"}
)
DEPLOYED = ("apps", "compose", "traefik", "rollout", "infra")


def folder_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that count for its content, in a fixed order."""
    for path in sorted(folder.iterdir()):
        if path.name in LEFT_OUT or path.suffix == ".pyc":
            continue
        if path.is_dir():
            yield from folder_files(path)
        else:
            yield path


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 of names, run bits and contents of a folder's files."""
    digest = hashlib.sha256()
    for path in folder_files(folder):
        runs = "x" if path.stat().st_mode & 0o100 else "-"
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {runs} {content}\n".encode())
    return digest.hexdigest()


def revision(project_dir: Path, folders: Sequence[str] = DEPLOYED) -> str:
    """Name the deployed sources: the last commit that touched them, or `dirty-<7 hex of their content>`.

    A commit that changes nothing deployed leaves the name alone, so that `preview` stays silent.
    """
    inside = _git(project_dir, "status", "--porcelain", "--", *folders)
    commit = _git(project_dir, "log", "-1", "--format=%H", "--", *folders)
    if inside == "" and commit:
        return commit[:7]
    digest = hashlib.sha256("".join(folder_digest(project_dir / folder) for folder in folders).encode())
    return f"dirty-{digest.hexdigest()[:7]}"


def _git(project_dir: Path, *arguments: str) -> str | None:
    try:
        result = subprocess.run(
            ["git", "-C", str(project_dir), *arguments], capture_output=True, text=True, check=False, timeout=30
        )
    except FileNotFoundError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None
