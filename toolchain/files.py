"""Files that appear whole or not at all, and digests that tell whether a recipe changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def digest_of(*parts: str | bytes) -> str:
    """Return one digest for parts in their order; where one part ends and the next begins counts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()[:16]


def digest_of_folder(folder: Path, *, skip: Iterable[str] = ("__pycache__", "tests")) -> str:
    """Return one digest for every file below `folder`: names, contents and the right to execute."""
    skipped = set(skip)
    parts: list[str | bytes] = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not skipped.intersection(relative.parts):
            parts += [str(relative), str(os.access(path, os.X_OK)), path.read_bytes()]
    return digest_of(*parts)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader, and a run after a crash, sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    Path(name).chmod(mode)
    Path(name).replace(path)


def copy_whole(source: Path, target: Path, mode: int = 0o755) -> None:
    """Copy a file so that it appears under its name only when complete."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    shutil.copyfile(source, partial)
    partial.chmod(mode)
    partial.replace(target)


def link_to(target: Path, link: Path) -> None:
    """Point `link` at `target` in one move."""
    link.parent.mkdir(parents=True, exist_ok=True)
    partial = link.with_name(f".{link.name}.partial")
    partial.unlink(missing_ok=True)
    partial.symlink_to(target)
    partial.replace(link)


@contextmanager
def folder_made_whole(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes its name when the block ends well and vanishes when it fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        yield partial
        partial.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def unpack(archive: Path, folder: Path, *, below: str = "") -> None:
    """Write the files of a tar archive, those below one of its folders; links and anything outside are left out.

    By hand, because Debian 12's Python knows no `filter` for extracting.
    """
    with tarfile.open(archive) as content:
        for member in content.getmembers():
            name = member.name.removeprefix("./").removeprefix(below)
            stream = content.extractfile(member) if member.isfile() else None
            if stream is None or Path(name).is_absolute() or ".." in Path(name).parts:
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with stream, target.open("wb") as copy:
                shutil.copyfileobj(stream, copy)
            target.chmod(0o755 if member.mode & 0o100 else 0o644)
