"""Reads Markdown as far as the tests need it: headings, links, and blocks that say who runs them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from manual.place import ROOT

SKIPPED = {"node_modules", "dist", "local_run_logs", "site", "build"}
SHOWN = {".github"}
_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_HEADING = re.compile(r"^#{1,6} +(?P<words>.+?) *#*$")
_CODE = re.compile(r"`+[^`]*`+")
# Looked for at every bracket, since a link may hold a picture.
_LINK = re.compile(r"(?=\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)(?: \"[^\"]*\")?\))")
_TAG = re.compile(r"<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)=\"(?P<target>[^\"]+)\"")
_RUNS = re.compile(r"^<!-- runs: (?P<by>\S+) -->$")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A command block that says who runs it."""

    page: str
    by: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Its lines, without comments and the empty ones."""
        lines = (line.partition("   #")[0].strip() for line in self.text.splitlines())
        return [line for line in lines if line and not line.startswith("#")]


def all_pages(root: Path = ROOT) -> list[Path]:
    """Return every Markdown file of the checkout, made and fetched ones left out."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [n for n in folders if n in SHOWN or (n not in SKIPPED and not n.startswith("."))]
        found += [Path(folder) / name for name in names if name.endswith(".md")]
    return sorted(found)


def dead_links(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere: no such file, or no such heading in it."""
    return [target for target in links(page.read_text(encoding="utf-8")) if not _is_alive(page, target)]


def _is_alive(page: Path, target: str) -> bool:
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return True
    name, _, anchor = unquote(target).partition("#")
    file = (page.parent / name).resolve() if name else page
    if not file.exists():
        return False
    return not anchor or (file.suffix == ".md" and anchor in anchors(file))


def links(text: str) -> Iterator[str]:
    """Yield what is linked to, code left out."""
    for line in _prose(text):
        bare = _CODE.sub("``", line)
        yield from (found["target"] for found in _LINK.finditer(bare))
        yield from (found["target"] for found in _TAG.finditer(bare))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for line in _prose(page.read_text(encoding="utf-8")):
        heading = _HEADING.match(line)
        if heading:
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading["words"]).replace("`", "")
            name = _NOT_IN_ANCHORS.sub("", plain.lower()).replace(" ", "-")
            seen = sum(1 for other in found if re.fullmatch(rf"{re.escape(name)}(-\d+)?", other))
            found.append(f"{name}-{seen}" if seen else name)
    return frozenset(found)


def shell_lines(text: str) -> list[str]:
    """Return the lines of the blocks that a person would paste into a shell."""
    found: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = line.strip()
        elif mark:
            fence = ""
        elif fence.lstrip("`~") == "sh":
            found.append(line.strip())
    return found


def _prose(text: str) -> Iterator[str]:
    """Yield the lines that are in no fenced block."""
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip().startswith(fence):
            fence = ""
        elif not fence:
            yield line


def blocks(page: Path, root: Path = ROOT) -> list[Block]:
    """Return the blocks of a page that say, in the comment before them, who runs them."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found = []
    for number, line in enumerate(lines):
        marked = _RUNS.match(line.strip())
        if marked is None:
            continue
        fence = _FENCE.match(lines[number + 1]) if number + 1 < len(lines) else None
        if fence is None:
            raise ValueError(f"{page}:{number + 1}: no block follows the comment that says who runs it")
        end = next(n for n in range(number + 2, len(lines)) if lines[n].strip() == fence[1])
        text = "\n".join(lines[number + 2 : end])
        found.append(Block(page.relative_to(root).as_posix(), marked["by"], text))
    return found


def all_blocks(root: Path = ROOT) -> list[Block]:
    """Return the marked blocks of every page."""
    return [block for page in all_pages(root) for block in blocks(page, root)]
