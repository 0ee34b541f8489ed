"""Links lead somewhere, every page can be found, and what a page shows is what the code does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from manual.offline import fetched
from manual.pages import all_pages, anchors, dead_links
from manual.place import DOCS, ROOT
from rollout.plan import PLANS

PAGES = [pytest.param(page, id=page.relative_to(ROOT).as_posix()) for page in all_pages()]


@pytest.mark.parametrize("page", PAGES)
def test_no_link_is_dead(page: Path) -> None:
    assert dead_links(page) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# What `it` is\n\n## Twice\n\n## Twice\n")
    page = tmp_path / "page.md"
    good = ["other.md", "other.md#what-it-is", "other.md#twice-1", "#here", "https://example.com/x"]
    bad = ["gone.md", "other.md#gone", "#gone", "pictures/gone.png"]
    page.write_text("# Here\n\n" + "\n".join(f"[a]({target}) `[b](code.md)`" for target in [*good, *bad]))
    assert dead_links(page) == bad
    page.write_text('<img src="gone.svg">\n\n```sh\n[x](in-a-block.md)\n```\n[![p](gone.png)](other.md)\n')
    assert dead_links(page) == ["gone.svg", "gone.png"]


def test_a_headings_anchor_is_the_one_that_github_makes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# The API: `make bench-api`\n\n```\n# no heading\n```\n## What is [made](x.md), and how?\n")
    assert anchors(page) == {"the-api-make-bench-api", "what-is-made-and-how"}


def test_every_page_of_the_manual_is_in_its_navigation() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    listed = set(_files(site["nav"]))
    pages = [page for page in all_pages(DOCS) if page.name == "README.md" or page.parent.name != "decisions"]
    there = {page.relative_to(DOCS).as_posix() for page in pages}
    assert there - listed == set(), "zensical.toml doesn't list them"
    assert listed - there == set(), "zensical.toml lists what is not there"


def _files(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for below in entry.values() if isinstance(entry, dict) else [entry]:
            yield from _files(below) if isinstance(below, list) else [below]


def test_what_a_page_of_the_site_would_fetch_is_found() -> None:
    page = (
        '<link rel="canonical" href="https://a.example/"><a href="https://b.example/">b</a><img src="c.png">'
        '<script src="https://d.example/x.js"></script><link href=//e.example/y.css rel=stylesheet>'
        "<style>@import 'https://f.example/z.css'; a { background: url(g.png) }</style>"
    )
    assert fetched(page) == ["https://d.example/x.js", "//e.example/y.css", "https://f.example/z.css"]


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "decisions/README.md").read_text(encoding="utf-8")
    kept = [path.name for path in (DOCS / "decisions").glob("[0-9]*.md")]
    assert [name for name in kept if f"({name})" not in index] == []


def test_the_page_of_releases_tells_every_step_in_order() -> None:
    rows = re.findall(r"^\| ([a-z, ]+?) \|", (DOCS / "releases.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = [name for row in rows if row != "step" for name in row.split(", ")]
    assert told == [step.name for step in PLANS["apply"].steps]


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").glob("*")), ids=lambda path: path.name)
def test_a_picture_is_small_and_loads_nothing(picture: Path) -> None:
    assert picture.stat().st_size < 150_000
    if picture.suffix == ".svg":
        text = picture.read_text(encoding="utf-8")
        assert fetched(text) == []
        assert re.findall(r"<(?:script|image|foreignObject)\b", text) == []
