"""Pack the program into one file that Python runs: byte for byte the same from the same sources, on any machine."""

import argparse
import hashlib
import sys
import zipfile
from pathlib import Path

_HERE = Path(__file__).parent
_SHEBANG = b"#!/usr/bin/env python3\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name
_START = "import sys\n\nfrom rollout.cli import main\n\nsys.exit(main())\n"


def build(target: Path) -> str:
    """Write the zipapp; returns its sha256."""
    sources = {f"rollout/{path.relative_to(_HERE).as_posix()}": path.read_bytes() for path in _modules()}
    sources["__main__.py"] = _START.encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        stream.write(_SHEBANG)
        # Stored, not deflated: compressed bytes differ between zlib versions.
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(sources):
                archive.writestr(_entry(name), sources[name])
    target.chmod(0o755)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def _modules() -> list[Path]:
    shipped = (path for path in _HERE.rglob("*.py") if "tests" not in path.relative_to(_HERE).parts)
    return [path for path in shipped if path != Path(__file__)]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3  # Unix, also when packed on Windows
    entry.external_attr = 0o644 << 16
    return entry


def main() -> int:
    """Build to the path given and print the digest."""
    parser = argparse.ArgumentParser(prog="python -m rollout.build", description=__doc__)
    parser.add_argument("target", type=Path)
    print(build(parser.parse_args().target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
