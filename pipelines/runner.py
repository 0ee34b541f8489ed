"""The runner that a workflow's step is in: what its environment says, and the files that it reads afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.errors import NotInAWorkflow

NEEDED = ("GITHUB_API_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID", "GITHUB_SERVER_URL", "GITHUB_SHA", "GITHUB_TOKEN")
# What workflows hand over as secrets. GitHub masks them in logs, but not in comments and issues.
SECRET_VARIABLES = (
    "DIGITALOCEAN_ACCESS_TOKEN",
    "DIGITALOCEAN_TOKEN",
    "GITHUB_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
    "SLIPWAY_SSH_KEY",
)
SHORTEST_SECRET = 8


@dataclass(frozen=True)
class Runner:
    """One run of one workflow."""

    api_url: str
    repository: str
    commit: str
    run_url: str
    token: str = field(repr=False)
    event: Mapping[str, Any]
    summary: Path | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Runner:
        """Read what GitHub sets; raises NotInAWorkflow naming all that is missing."""
        missing = [name for name in NEEDED if not environ.get(name)]
        if missing:
            raise NotInAWorkflow(missing)
        repository = environ["GITHUB_REPOSITORY"]
        event, summary = environ.get("GITHUB_EVENT_PATH"), environ.get("GITHUB_STEP_SUMMARY")
        return cls(
            api_url=environ["GITHUB_API_URL"].rstrip("/"),
            repository=repository,
            commit=environ["GITHUB_SHA"],
            run_url=f"{environ['GITHUB_SERVER_URL']}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}",
            token=environ["GITHUB_TOKEN"],
            event=json.loads(Path(event).read_text()) if event else {},
            summary=Path(summary) if summary else None,
        )

    @property
    def pull_request(self) -> int | None:
        """The number of the pull request that the run is for."""
        found = self.event.get("pull_request")
        return int(found["number"]) if found else None

    @property
    def head(self) -> str:
        """The commit that a person knows: of a pull request its head, not the merge that GitHub tries."""
        found = self.event.get("pull_request")
        return str(found["head"]["sha"]) if found else self.commit

    def tell(self, text: str) -> None:
        """Put a line on the run's summary page."""
        if self.summary is not None:
            with self.summary.open("a") as stream:
                stream.write(text.rstrip() + "\n")


def hide_secrets(text: str, environ: Mapping[str, str]) -> str:
    """Replace the values of secret variables, and each line of those that have several."""
    values = {environ.get(name, "") for name in SECRET_VARIABLES}
    values |= {line for value in values for line in value.splitlines()}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, "***")
    return text
