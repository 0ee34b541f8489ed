"""The variables that compose files are read with."""

import re
from pathlib import Path

from rollout.bundle import Bundle
from rollout.errors import UsageFault
from rollout.layout import Layout

RELEASE_ONLY = ("RELEASE", "RELEASE_DIR")
# Which services of compose/ops.yml run: their names, between blanks.
TOOLS = "OPS_PROFILES"
_NO_NAME = re.compile(r"[^a-z0-9]")


def release_variables(bundle: Bundle, layout: Layout, release: str) -> dict[str, str]:
    """Return what a release's compose file may name."""
    images = {image.variable: image.ref for image in bundle.images}
    own = {
        "RELEASE": release,
        "RELEASE_DIR": str(layout.release(release)),
        "DOMAIN": bundle.domain,
        "SLIPWAY_ROOT": str(layout.root),
        "SLIPWAY_NETWORK": layout.network,
    }
    return bundle.environment | images | _secret_files(bundle, layout, release) | own


def _secret_files(bundle: Bundle, layout: Layout, release: str) -> dict[str, str]:
    """Name each secret's file, for what compose mounts only if it is given, and else an empty file."""
    folder = layout.release(release) / "secrets"
    return {
        f"{_NO_NAME.sub('_', f'{s.service}_{s.name}').upper()}_FILE": str(folder / s.service / s.name)
        for s in bundle.secrets
    }


def standing_variables(of_release: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Return what a standing project's file may name: nothing that changes merely because a release does."""
    return {name: value for name, value in of_release.items() if name not in RELEASE_ONLY} | more


def to_text(variables: dict[str, str]) -> str:
    """Write an env file; single quotes keep compose from looking for variables in the values."""
    return "".join(f"{name}='{value}'\n" for name, value in sorted(variables.items()))


def read_env(path: Path) -> dict[str, str]:
    """Read an env file that `to_text` wrote."""
    pairs = (line.partition("=") for line in path.read_text().splitlines() if line)
    return {name: value[1:-1] for name, _, value in pairs}


def require_all_set(file: str, warnings: str) -> None:
    """Raise UsageFault if compose found a variable without a value."""
    unset = sorted(
        {part.split('"')[1] for part in warnings.replace('\\"', '"').splitlines() if "variable is not set" in part}
    )
    if unset:
        raise UsageFault(
            f"{file} names {', '.join(unset)}, which neither `environment` nor an image of the bundle gives",
            todo="give the variables a value where the bundle is made",
        )
