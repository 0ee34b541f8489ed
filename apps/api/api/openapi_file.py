"""`python -m api.openapi_file [--check]`: write `apps/api/openapi.json`, from which clients are generated."""

import json
import sys
from pathlib import Path

from api.app import build_api

TARGET = Path(__file__).resolve().parents[1] / "openapi.json"


def document() -> str:
    """Return the document as the file holds it."""
    return json.dumps(build_api().openapi(), indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or with `--check` say whether it is current."""
    if "--check" not in (sys.argv[1:] if arguments is None else arguments):
        TARGET.write_text(document(), encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == document():
        return 0
    print("apps/api/openapi.json is stale: run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
