"""A Pulumi stack of a test: a program, a file backend and the project's plugins, driven by the real CLI."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolchain.plugins.digitalocean.tests.cloud import TOKEN

CHECKOUT = Path(__file__).resolve().parents[4]
PROJECT = f"""name: rig
runtime:
  name: python
  options:
    virtualenv: {sys.prefix}
"""

SDK = "import pulumi\nimport pulumi_digitalocean as do\n"
THIN = """import pulumi


class Made(pulumi.CustomResource):
    def __init__(self, kind, name, opts=None, /, **props):
        asked = {"dropletUrn": None, "ipAddress": None, "fqdn": None, **props}
        token = f"digitalocean:index/{kind[0].lower()}{kind[1:]}:{kind}"
        opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(version="4.84.1"), opts)
        super().__init__(token, name, asked, opts)


"""


def find_pulumi() -> Path:
    """Return the CLI: the one on PATH, else the one that the project has built."""
    found = shutil.which("pulumi") or str(CHECKOUT / ".slipway" / "bin" / "pulumi")
    assert Path(found).is_file(), "no pulumi on PATH or in .slipway/bin: run `make` first"
    return Path(found)


@dataclass(frozen=True)
class Run:
    """What a command printed and how it ended."""

    code: int
    text: str

    def ok(self) -> Run:
        """Insist on success without a warning."""
        assert self.code == 0, self.text
        assert "warning" not in self.text.lower(), self.text
        return self

    def failed(self) -> Run:
        """Insist on a failure that the provider explains itself."""
        assert self.code not in (0, 137), self.text
        assert "exited prematurely" not in self.text, self.text
        assert "a defect of this plugin" not in self.text, self.text
        return self


@dataclass
class Stack:
    """One stack in a directory of its own."""

    folder: Path
    pulumi_home: Path
    api_url: str
    extra: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.program_folder.mkdir(parents=True)
        (self.folder / "state").mkdir()
        (self.program_folder / "Pulumi.yaml").write_text(PROJECT)
        self.program("")
        self.pulumi("stack", "init", "test").ok()

    @property
    def program_folder(self) -> Path:
        """Where Pulumi.yaml is."""
        return self.folder / "program"

    def program(self, text: str, head: str = THIN) -> None:
        """Write the program; by default without the generated SDK, which takes seconds to import."""
        (self.program_folder / "__main__.py").write_text(head + text)

    def env(self) -> dict[str, str]:
        """Return the environment of the CLI: nothing of the caller's Pulumi or DigitalOcean settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI", "DIGITALOCEAN"))}
        return kept | {
            "PULUMI_HOME": str(self.pulumi_home),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "rig",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            "DIGITALOCEAN_API_URL": self.api_url,
            "DIGITALOCEAN_TOKEN": TOKEN,
            "NO_COLOR": "1",
            **self.extra,
        }

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the CLI."""
        return subprocess.Popen(
            [str(find_pulumi()), *arguments, "--non-interactive", "--cwd", str(self.program_folder)],
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def pulumi(self, *arguments: str) -> Run:
        """Run the CLI to its end."""
        with self.popen(*arguments) as process:
            try:
                text, _ = process.communicate(timeout=120)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return Run(process.returncode, text)

    def up(self, *more: str) -> Run:
        """Deploy."""
        return self.pulumi("up", "--yes", "--skip-preview", *more)

    def preview(self, *more: str) -> Run:
        """Preview with every changed property shown."""
        return self.pulumi("preview", "--diff", *more)

    def refresh(self, *more: str) -> Run:
        """Read everything."""
        return self.pulumi("refresh", "--yes", "--skip-preview", *more)

    def destroy(self, *more: str) -> Run:
        """Remove everything."""
        return self.pulumi("destroy", "--yes", "--skip-preview", *more)

    def unchanged(self) -> None:
        """Insist that neither a preview nor a refresh finds a change."""
        self.preview("--expect-no-changes").ok()
        self.refresh("--expect-no-changes").ok()

    def resources(self) -> dict[str, Any]:
        """Return the deployed resources of the state by logical name."""
        text = self.pulumi("stack", "export").text
        found = json.loads(text)["deployment"].get("resources", [])
        return {item["urn"].rsplit("::", 1)[-1]: item for item in found}

    def files(self) -> str:
        """Return everything that the backend has written."""
        paths = [path for path in (self.folder / "state").rglob("*") if path.is_file()]
        return "\n".join(path.read_bytes().decode(errors="replace") for path in paths)
