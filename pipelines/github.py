"""GitHub's REST API, as much of it as the pipelines use. Source: https://docs.github.com/en/rest/issues."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from pipelines.errors import GitHubRefused, PipelineError
from pipelines.runner import Runner

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
PAGE_SIZE = 100
API_VERSION = "2022-11-28"
RETRIES = 2


class GitHub:
    """The comments and issues of one repository; each thing of ours begins with a marker that nobody sees."""

    def __init__(self, runner: Runner) -> None:
        self._client = httpx.Client(
            base_url=f"{runner.api_url}/repos/{runner.repository}/",
            headers={
                "Authorization": f"Bearer {runner.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": API_VERSION,
            },
            timeout=TIMEOUT,
            transport=httpx.HTTPTransport(retries=RETRIES),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def put_comment(self, number: int, marker: str, body: str) -> str:
        """Write our comment on an issue or pull request, or write it anew if it is there; return its address."""
        own = next((each for each in self._all(f"issues/{number}/comments") if _is_ours(each, marker)), None)
        text = {"body": f"{marker}\n{body}"}
        if own is not None:
            return str(self._ask("PATCH", f"issues/comments/{own['id']}", text).json()["html_url"])
        return self.add_comment(number, f"{marker}\n{body}")

    def add_comment(self, number: int, body: str) -> str:
        """Write one more comment; return its address."""
        return str(self._ask("POST", f"issues/{number}/comments", {"body": body}).json()["html_url"])

    def find_issue(self, marker: str, label: str) -> dict[str, Any] | None:
        """Return our open issue with this marker."""
        found = self._all("issues", {"state": "open", "labels": label})
        return next((each for each in found if "pull_request" not in each and _is_ours(each, marker)), None)

    def open_issue(self, title: str, marker: str, label: str, body: str) -> str:
        """Open an issue; return its address."""
        asked = {"title": title, "body": f"{marker}\n{body}", "labels": [label]}
        return str(self._ask("POST", "issues", asked).json()["html_url"])

    def write_issue(self, number: int, marker: str, body: str) -> None:
        """Write an issue's text anew."""
        self._ask("PATCH", f"issues/{number}", {"body": f"{marker}\n{body}"})

    def close_issue(self, number: int) -> None:
        """Close an issue as done."""
        self._ask("PATCH", f"issues/{number}", {"state": "closed", "state_reason": "completed"})

    def _all(self, path: str, query: dict[str, str] | None = None) -> Iterator[dict[str, Any]]:
        answer = self._ask("GET", path, query={**(query or {}), "per_page": str(PAGE_SIZE)})
        yield from answer.json()
        while following := answer.links.get("next", {}).get("url"):
            answer = self._ask("GET", following)
            yield from answer.json()

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, query: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, path, json=body, params=query)
        except httpx.HTTPError as error:
            raise PipelineError(f"{method} {path}: GitHub can't be reached: {error!r}") from error
        if not answer.is_success:
            raise GitHubRefused(f"{method} {path}", answer.status_code, answer.text[:500])
        return answer


def _is_ours(thing: dict[str, Any], marker: str) -> bool:
    """Tell whether a bot wrote it with our marker; people who paste the marker don't get their text replaced."""
    return thing["user"]["type"] == "Bot" and str(thing["body"] or "").startswith(marker)
