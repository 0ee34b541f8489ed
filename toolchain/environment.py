"""Which pulumi serves this checkout, and what it needs in its environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from toolchain.errors import ToolMissing
from toolchain.settings import CHECKOUT, Settings, read_settings

ORIGIN = "slipway-origin"
Origin = Literal["path", "downloaded", "built"]


@dataclass(frozen=True)
class PulumiTools:
    """A pulumi, where it came from, and the variables that it needs apart from those of the backend."""

    pulumi: Path
    pulumi_home: Path | None
    origin: Origin
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def path_entry(self) -> Path | None:
        """The folder to put first on PATH; None when the user's own pulumi is on it already."""
        return None if self.origin == "path" else self.pulumi.parent


def pulumi_environment(root: Path = CHECKOUT, settings: Settings | None = None) -> PulumiTools:
    """Return the pulumi that `pulumi` on the user's PATH is, else the one that was installed for this checkout.

    Raises ToolMissing when there is neither.
    """
    found = find_pulumi(settings or read_settings(root))
    if found is None:
        raise ToolMissing(
            "there is no pulumi, neither on PATH nor in this checkout",
            where=str(root / ".slipway" / "bin"),
            mend="make up, or python -m toolchain install --only pulumi",
        )
    return found


def find_pulumi(settings: Settings) -> PulumiTools | None:
    """Find the pulumi that serves this checkout, or None."""
    own = next((path for path in settings.which_all("pulumi") if origin_of(path) is None), None)
    if own is not None:
        return PulumiTools(own, None, "path", {"PULUMI_SKIP_UPDATE_CHECK": "true"})
    link = settings.bin / "pulumi"
    origin = origin_of(link) if link.exists() else None
    if origin is None:
        return None
    return installed_tools(settings, origin)


def installed_tools(settings: Settings, origin: Origin) -> PulumiTools:
    """Describe the pulumi of this checkout; its home is the project's own, so that ours hide no plugin of the user."""
    home = settings.state / ("pulumi-home" if origin == "built" else "pulumi-home-official")
    variables = {"PULUMI_SKIP_UPDATE_CHECK": "true", "PULUMI_HOME": str(home)}
    if origin == "built":
        # The plugins' download site is as far away as the CLI's own.
        variables["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
    return PulumiTools(settings.bin / "pulumi", home, origin, variables)


def origin_of(pulumi: Path) -> Origin | None:
    """Tell how a pulumi that a checkout installed came to be; None for anybody else's."""
    mark = pulumi.resolve().parent / ORIGIN
    if not mark.is_file():
        return None
    return "built" if mark.read_text().strip() == "built" else "downloaded"
