"""Where a copied source lands, as pulumi-command has it.

| source | destination is a directory | is absent        | is a file       |
|--------|----------------------------|------------------|-----------------|
| dir    | destination/dir            | destination/dir  | error           |
| dir/   | its content into it        | its content      | error           |
| file   | destination/file           | destination      | overwritten     |
| text   | error                      | destination      | overwritten     |

Imported at the first copy only, like `ssh`.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from pathlib import Path

import asyncssh

from toolchain.plugins.command.errors import CopyFailed
from toolchain.plugins.values import Archive, Asset


async def copy(client: asyncssh.SFTPClient, source: Asset | Archive, destination: str) -> None:
    """Copy by the table above; parents are made, no modes are set, files are overwritten in place."""
    if isinstance(source, Asset) and source.text is not None:
        await _copy_text(client, source.text, destination)
    elif source.path:
        await _copy_path(client, source.path, destination)
    else:
        raise CopyFailed(f"{destination}: the source has neither a path nor a text")


async def _copy_text(client: asyncssh.SFTPClient, text: str, destination: str) -> None:
    if await client.isdir(destination):
        raise CopyFailed(f"{destination} is a directory; for a text the remote path must be a file's")
    await client.makedirs(posixpath.dirname(destination) or ".", exist_ok=True)
    async with client.open(destination, "wb") as file:
        await file.write(text.encode())


async def _copy_path(client: asyncssh.SFTPClient, source: str, destination: str) -> None:
    path = Path(source)
    if path.is_dir():
        await _copy_directory(client, path, destination, into=source.endswith("/"))
        return
    if not path.is_file():
        raise CopyFailed(f"the local file {path.absolute()} does not exist")
    if await client.isdir(destination):
        destination = posixpath.join(destination, path.name)
    else:
        await client.makedirs(posixpath.dirname(destination) or ".", exist_ok=True)
    await client.put(str(path), destination)


async def _copy_directory(client: asyncssh.SFTPClient, source: Path, destination: str, *, into: bool) -> None:
    root = destination if into else posixpath.join(destination, source.resolve().name)
    await _make_directory(client, root)
    for folder, files in _walk(source):
        target = posixpath.normpath(posixpath.join(root, folder.relative_to(source).as_posix()))
        await _make_directory(client, target)
        for name in files:
            await client.put(str(folder / name), posixpath.join(target, name))


async def _make_directory(client: asyncssh.SFTPClient, path: str) -> None:
    if await client.exists(path) and not await client.isdir(path):
        raise CopyFailed(f"{path} exists over there and is not a directory")
    await client.makedirs(path, exist_ok=True)


def _walk(source: Path) -> Iterator[tuple[Path, list[str]]]:
    for folder, folders, files in os.walk(source):
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        if linked:
            raise CopyFailed(
                f"{Path(folder, linked[0])} is a link to a directory, which is not followed; copy its target"
            )
        folders.sort()
        yield Path(folder), sorted(files)
