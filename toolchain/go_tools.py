"""Tools that are built from Go modules, each from a go.mod of our own that pins every module by its hash."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import ToolMissing
from toolchain.files import digest_of, folder_made_whole
from toolchain.pages import copy_with_pages
from toolchain.session import Session
from toolchain.settings import CHECKOUT, Settings

BUILD_S = 3600.0
GO_FOLDER = Path("/usr/local/go/bin")


@dataclass(frozen=True)
class GoTool:
    """A command in a Go module."""

    name: str
    module: str
    package: str
    version_variable: str
    stamp_prefix: str = ""
    # The npm script that makes the web pages which the module embeds and does not hold.
    pages: str | None = None

    @property
    def folder(self) -> Path:
        """Where its go.mod is."""
        return CHECKOUT / "toolchain" / self.name

    @property
    def version(self) -> str:
        """The version that go.mod requires, without the `v`."""
        found = re.search(rf"{re.escape(self.module)} v([0-9.]+)", (self.folder / "go.mod").read_text())
        if found is None:
            raise ToolMissing(
                f"go.mod does not require {self.module}", where=str(self.folder / "go.mod"), mend="require it there"
            )
        return found.group(1)

    def digest(self, settings: Settings) -> str:
        """Changes when another binary would come out."""
        parts: list[str | bytes] = [self.pages] if self.pages else []
        parts += [(self.folder / name).read_bytes() for name in ("go.mod", "go.sum", "tools.go")]
        return digest_of(settings.machine, self.package, self.version_variable, *parts)

    def built(self, settings: Settings) -> Path:
        """Where the binary is, or will be."""
        return settings.cache / self.name / f"built-{self.digest(settings)}" / self.name


PULUMI = GoTool(
    "pulumi",
    "github.com/pulumi/pulumi/pkg/v3",
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
    stamp_prefix="v",
)
TRAEFIK = GoTool(
    "traefik",
    "github.com/traefik/traefik/v3",
    "github.com/traefik/traefik/v3/cmd/traefik",
    "github.com/traefik/traefik/v3/pkg/version.Version",
)
MAILPIT = GoTool(
    "mailpit",
    "github.com/axllent/mailpit",
    "github.com/axllent/mailpit",
    "github.com/axllent/mailpit/config.Version",
    stamp_prefix="v",
    pages="package",
)
ACTIONLINT = GoTool(
    "actionlint",
    "github.com/rhysd/actionlint",
    "github.com/rhysd/actionlint/cmd/actionlint",
    "github.com/rhysd/actionlint.version",
)
# Those that stand-ins are made with.
STANDIN_TOOLS = {tool.name: tool for tool in (TRAEFIK, MAILPIT)}
# Copied beside the built CLI: dynamic providers and the official language host's helper, both plain text.
PULUMI_COMPANIONS = ("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec")


def build(session: Session, tool: GoTool) -> Path:
    """Build a tool, unless it is in the cache; an interrupted build goes on from Go's own cache."""
    binary = tool.built(session.settings)
    if binary.exists():
        return binary
    go = session.settings.which("go") or GO_FOLDER / "go"
    if not go.exists():
        raise ToolMissing(
            f"{tool.name} has to be built and there is no Go compiler",
            where="PATH",
            mend="install Go (the version is in toolchain/*/go.mod), or make the official download reachable",
        )
    with folder_made_whole(binary.parent) as partial:
        folder, package = _source(session, tool, go)
        flags = f"-s -w -X {tool.version_variable}={tool.stamp_prefix}{tool.version}"
        session.shell.run(
            [
                go,
                "build",
                "-v",
                "-trimpath",
                "-buildvcs=false",
                "-ldflags",
                flags,
                "-o",
                partial / tool.name,
                package,
            ],
            timeout_s=BUILD_S,
            mend="read the log; run this again to go on where it stopped",
            cwd=folder,
            variables=go_variables(workshop(session.settings, tool)),
        )
        if tool is PULUMI:
            _add_companions(workshop(session.settings, tool), partial)
    # Gigabytes that only an interrupted build still needs.
    shutil.rmtree(workshop(session.settings, tool), ignore_errors=True)
    return binary


def _source(session: Session, tool: GoTool, go: Path) -> tuple[Path, str]:
    """Return where to build and what: our go.mod and its package, or a copy of a module that lacks its pages."""
    if tool.pages is None:
        return tool.folder, tool.package
    place = workshop(session.settings, tool)
    variables = go_variables(place)
    session.shell.run(
        [go, "mod", "download", tool.module],
        timeout_s=BUILD_S,
        mend="read the log; most often the module proxy did not answer, then run this again",
        cwd=tool.folder,
        variables=variables,
    )
    module_folder = place / "modules" / f"{tool.module}@v{tool.version}"
    return copy_with_pages(session, module_folder, place / "source", tool.pages, variables), "."


def workshop(settings: Settings, tool: GoTool) -> Path:
    """Where Go keeps modules and objects until the tool is built."""
    return settings.cache / "go" / tool.name


def go_variables(folder: Path) -> dict[str, str]:
    """Return the environment of a build: modules and objects in a folder of ours, nothing from a user's GOFLAGS."""
    return {
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOCACHE": str(folder / "objects"),
        "GOMODCACHE": str(folder / "modules"),
        "GOWORK": "off",
    }


def _add_companions(workshop: Path, folder: Path) -> None:
    sdk = workshop / "modules" / "github.com" / "pulumi" / "pulumi" / f"sdk/v3@v{PULUMI.version}"
    for name in PULUMI_COMPANIONS:
        target = folder / Path(name).name
        target.write_bytes((sdk / name).read_bytes())
        target.chmod(0o755)
