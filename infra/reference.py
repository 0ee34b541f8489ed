"""Writes docs/configuration.md from the settings themselves: `python -m infra.reference [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from infra.settings import NAMESPACE, Settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
HEAD = """# Configuration

Made from `infra/settings.py` by `make docs`; edit the descriptions there.

Each setting is a key of the stack: `pulumi config set KEY VALUE -s STACK` (secrets with `--secret`, best on stdin).
Lists are JSON: `pulumi config set slipway:operatorNetworks '["203.0.113.7/32"]'`. An unknown key is refused, and
`digitalocean:token` may come from `DIGITALOCEAN_TOKEN` or `DIGITALOCEAN_ACCESS_TOKEN` instead.

| key | default | meaning |
|---|---|---|
"""


def reference() -> str:
    """Return the whole page."""
    return HEAD + "".join(_row(to_camel(name), field) for name, field in Settings.model_fields.items())


def _row(key: str, field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=False)
    shown = "required" if default is PydanticUndefined else "none" if default in (None, ()) else f"`{default}`"
    secret = " (secret)" if "Secret" in str(field.annotation) else ""
    return f"| `{NAMESPACE}{key}` | {shown} | {field.description}{secret} |\n"


def main() -> int:
    """Write the page, or with `--check` say whether it is current."""
    if "--check" not in sys.argv:
        TARGET.write_text(reference())
        return 0
    if TARGET.is_file() and TARGET.read_text() == reference():
        return 0
    sys.stderr.write("docs/configuration.md is stale: run `make docs`\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
