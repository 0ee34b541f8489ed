"""The page of the API's description, which must hold under a policy without inline script or style."""

import re
from html.parser import HTMLParser

from api.app import build_api
from api.docs.page import write_page
from api.docs.routes import KINDS, asset
from api.openapi import operations

DOCUMENT = build_api().openapi()
PAGE = write_page(DOCUMENT)


class Links(HTMLParser):
    """Collects what a page loads, links to and names."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.targets: set[str] = set()
        self.ids: list[str] = []
        self.open_tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert not any(name == "style" or name.startswith("on") for name in values), (tag, values)
        if tag in {"script", "link"}:
            self.loaded.append(str(values.get("src") or values.get("href")))
        if tag == "a" and str(values["href"]).startswith("#"):
            self.targets.add(str(values["href"])[1:])
        if "id" in values:
            self.ids.append(str(values["id"]))


def read(page: str) -> Links:
    links = Links()
    links.feed(page)
    return links


def test_the_page_loads_its_own_two_files_and_nothing_inline() -> None:
    assert read(PAGE).loaded == ["docs/docs.css", "docs/docs.js"]
    assert "<style" not in PAGE
    assert re.findall(r"<script(?![^>]*src=)", PAGE) == []
    assert all(asset(name) for name in KINDS)


def test_every_operation_is_there_once_and_every_link_leads_somewhere() -> None:
    links = read(PAGE)
    names = [operation["operationId"] for operation in operations(DOCUMENT)]
    assert len(set(links.ids)) == len(links.ids)
    assert set(names) | links.targets <= set(links.ids)


def test_what_the_document_says_is_shown_as_text() -> None:
    document = {**DOCUMENT, "info": {"title": "<b>", "version": "1&2", "description": "<script>"}}
    page = write_page(document)
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
