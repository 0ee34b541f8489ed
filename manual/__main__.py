"""`python -m manual [--check]`: write what is made from the code, or say what of it is stale."""

from __future__ import annotations

import sys

from manual.generated import GENERATED, stale
from manual.place import ROOT


def main() -> int:
    """Write every generated file, or with `--check` name those that are not current."""
    if "--check" not in sys.argv:
        for name, make in GENERATED.items():
            target = ROOT / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(make(), encoding="utf-8")
        return 0
    old = stale()
    for name in old:
        sys.stderr.write(f"{name} is stale: run `make docs`\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
