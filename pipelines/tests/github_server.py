"""GitHub's REST API on this machine, as much of it as the pipelines ask for, with its pages of results."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

REPOSITORY = "shop/site"
TOKEN = "ghs_" + "t" * 36
# Smaller than GitHub's, so that a test meets a second page.
PAGE = 2
Thing = dict[str, Any]


@dataclass
class Repository:
    """What the server holds; `allowed` are the permissions of the job's token."""

    issues: list[Thing] = field(default_factory=list)
    comments: list[Thing] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    allowed: bool = True
    url: str = ""

    def issue(self, number: int) -> Thing:
        return next(each for each in self.issues if each["number"] == number)

    def add_issue(self, by: str = "Bot", **given: Any) -> Thing:
        number = len(self.issues) + 1
        issue = {
            "number": number,
            "state": "open",
            "labels": [],
            "user": {"type": by},
            "html_url": f"i/{number}",
            **given,
        }
        self.issues.append(issue)
        return issue

    def add_comment(self, number: int, body: str, by: str = "Bot") -> Thing:
        one = {"id": len(self.comments) + 10, "issue": number, "body": body, "user": {"type": by}}
        self.comments.append({**one, "html_url": f"c/{one['id']}"})
        return self.comments[-1]

    def answer(self, method: str, path: str, query: dict[str, str], body: Thing) -> tuple[int, Any]:
        self.calls.append(f"{method} {path}")
        if not self.allowed and method != "GET":
            return 403, {"message": "Resource not accessible by integration"}
        if found := re.fullmatch(r"issues/(\d+)/comments", path):
            number = int(found[1])
            if method == "POST":
                return 201, self.add_comment(number, body["body"])
            return 200, [each for each in self.comments if each["issue"] == number]
        if found := re.fullmatch(r"issues/comments/(\d+)", path):
            comment = next(each for each in self.comments if each["id"] == int(found[1]))
            comment.update(body)
            return 200, comment
        if found := re.fullmatch(r"issues/(\d+)", path):
            self.issue(int(found[1])).update(body)
            return 200, self.issue(int(found[1]))
        if path == "issues" and method == "POST":
            return 201, self.add_issue(**body)
        if path == "issues":
            return 200, [each for each in self.issues if each["state"] == "open" and query["labels"] in each["labels"]]
        return 404, {"message": "Not Found"}


@contextmanager
def github() -> Iterator[Repository]:
    """Serve a repository while the block runs."""
    repository = Repository()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def do_PATCH(self) -> None:
            self._answer("PATCH")

        def _answer(self, method: str) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            path = asked.path.removeprefix(f"/repos/{REPOSITORY}/")
            status, found = (
                repository.answer(method, path, query, body)
                if self.headers["Authorization"] == f"Bearer {TOKEN}"
                else (401, {"message": "Bad credentials"})
            )
            self.send_response(status)
            if isinstance(found, list):
                page = int(query.get("page", "1"))
                if len(found) > page * PAGE:
                    following = urlencode({**query, "page": page + 1})
                    self.send_header("Link", f'<{repository.url}{asked.path}?{following}>; rel="next"')
                found = found[(page - 1) * PAGE : page * PAGE]
            content = json.dumps(found).encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    repository.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
