"""The few questions and orders that the toolchain has for a Docker engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import CommandFailed
from toolchain.shell import Shell

PULL_S = 900
STANDIN_LABEL = "slipway.standin"
BUILD_VARIABLES = {"DOCKER_BUILDKIT": "1", "BUILDX_BUILDER": "default", "BUILDX_NO_DEFAULT_ATTESTATIONS": "1"}


@dataclass(frozen=True)
class Image:
    """An image that the engine has."""

    id: str
    labels: Mapping[str, str]

    @property
    def recipe(self) -> str | None:
        """The digest of the recipe that a stand-in was built from; None for an image from elsewhere."""
        return self.labels.get(STANDIN_LABEL)


@dataclass(frozen=True)
class Docker:
    """The engine that the machine's own settings (socket, context, DOCKER_HOST) lead to."""

    shell: Shell

    def version(self) -> str | None:
        """Return the engine's version, or None when none answers."""
        answer = self.shell.ask(["docker", "version", "--format", "{{.Server.Version}}"], timeout_s=20)
        return answer.text if answer.is_yes else None

    def image(self, reference: str) -> Image | None:
        """Return an image that is here, or None."""
        answer = self.shell.ask(["docker", "image", "inspect", reference])
        if not answer.is_yes:
            return None
        (facts,) = json.loads(answer.text)
        return Image(facts["Id"], facts["Config"].get("Labels") or {})

    def can_pull(self, reference: str) -> bool:
        """Tell whether the image's registry answers; one of the reasons why it may not is that there is no internet."""
        return self.shell.ask(["docker", "manifest", "inspect", reference], timeout_s=15).is_yes

    def pull(self, reference: str) -> bool:
        """Pull an image and tell whether it worked."""
        try:
            self.shell.run(["docker", "pull", reference], timeout_s=PULL_S, mend="docker pull " + reference)
        except CommandFailed as error:
            self.shell.say(f"{reference} cannot be pulled: {error.what}")
            return False
        return True

    def build(self, context: Path, reference: str, recipe: str) -> None:
        """Build the Dockerfile of `context` as a stand-in."""
        argv = ["docker", "build", "--progress=plain", "--label", f"{STANDIN_LABEL}={recipe}", "--tag", reference]
        self.shell.run(
            [*argv, context],
            timeout_s=1200,
            mend="read the log; most often a package mirror did not answer, then run this again",
            variables=BUILD_VARIABLES,
        )

    def import_root(self, archive: Path, reference: str, recipe: str) -> None:
        """Make an image from the archive of a root file system."""
        changes = [f"LABEL {STANDIN_LABEL}={recipe}", 'CMD ["bash"]']
        argv: list[str | Path] = ["docker", "import"]
        for change in changes:
            argv += ["--change", change]
        self.shell.run(
            [*argv, archive, reference],
            timeout_s=300,
            mend="look whether the engine's disk is full: `docker system df`",
        )

    def forget(self, image_id: str) -> None:
        """Remove an image that lost its name; one that something still uses stays."""
        answer = self.shell.ask(["docker", "image", "rm", image_id])
        if not answer.is_yes:
            self.shell.say(f"the old image {image_id} stays: {answer.text}")
