"""`python -m manual.offline FOLDER`: fail when a page of a built site would fetch anything from elsewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

# What a browser fetches by itself; a link that a reader may follow is none of these.
_TAG = re.compile(r"<(?:script|img|iframe|source|link|use)\b[^>]*>")
_FETCHED = re.compile(r"\b(?:src|href|srcset)=[\"']?(?P<address>(?:https?:)?//[^\"'\s>]+)")
_TELLS_ONLY = re.compile(r"\brel=[\"']?(?:canonical|alternate|next|prev)\b")
_FROM_STYLE = re.compile(r"(?:url\(|@import )[\"']?(?P<address>(?:https?:)?//[^\"')\s]+)")


def fetched(text: str) -> list[str]:
    """Return the addresses outside that a page or a style sheet fetches."""
    tags = [tag for tag in _TAG.findall(text) if not _TELLS_ONLY.search(tag)]
    found = [match["address"] for tag in tags for match in _FETCHED.finditer(tag)]
    return found + [match["address"] for match in _FROM_STYLE.finditer(text)]


def main(folder: Path) -> int:
    """Look at every page and style sheet; returns the exit code."""
    pages = [path for path in sorted(folder.rglob("*")) if path.suffix in {".html", ".css", ".svg"}]
    bad = [(path, address) for path in pages for address in fetched(path.read_text(encoding="utf-8"))]
    for path, address in bad:
        sys.stderr.write(f"{path} fetches {address}\n")
    return 1 if bad or not pages else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
