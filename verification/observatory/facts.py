"""What the rules look at: one page, and what plain HTTP and another origin are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(frozen=True)
class Mark:
    """One rule's points: `best` is what a staging site could get, `advice` how."""

    rule: str
    points: int
    best: int
    said: str
    advice: str = ""

    @property
    def lost(self) -> int:
        """Points that could still be had."""
        return max(0, self.best - self.points)


@dataclass(frozen=True)
class Page:
    """The answer for the home page; header names are lower-case."""

    host: str
    headers: Mapping[str, str]
    cookies: Sequence[str] = ()
    body: str = ""
    plain_http_location: str | None = None  # where http:// leads; None without a redirect
    answers_plain_http: bool = True
    foreign_origin: str = "https://elsewhere.example"
    foreign_headers: Mapping[str, str] = field(default_factory=dict)  # of the answer to a request from there

    def header(self, name: str) -> str:
        """Return a header's value in lower case, empty when absent."""
        return self.headers.get(name, "").strip().lower()

    @property
    def scripts(self) -> list[dict[str, str]]:
        """The attributes of each script that the page loads."""
        parser = _Scripts()
        parser.feed(self.body)
        return parser.found


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a script is loaded with."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "script" and attributes.get("src"):
            self.found.append(attributes)
