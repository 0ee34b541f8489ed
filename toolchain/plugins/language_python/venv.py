"""The virtual environment that a program names in Pulumi.yaml, and the one line when it is not usable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.plugins.errors import LanguageHostError


@dataclass(frozen=True)
class Environment:
    """A Python environment on disk."""

    root: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.root / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        """Where its packages are."""
        found = sorted(self.root.glob("lib/python3*/site-packages"))
        if not found:
            raise LanguageHostError(f"the virtual environment {self.root} has no site-packages; make it again")
        return found[-1]

    def activated(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return `environ` as `activate` would leave it."""
        kept = {key: value for key, value in environ.items() if key != "PYTHONHOME"}
        path = os.pathsep.join(filter(None, [str(self.root / "bin"), environ.get("PATH", "")]))
        return {**kept, "VIRTUAL_ENV": str(self.root), "PATH": path}


def find_environment(root_directory: str, options: Mapping[str, object]) -> Environment:
    """Return the environment that `runtime.options.virtualenv` names, relative to where Pulumi.yaml is."""
    named = options.get("virtualenv")
    if not isinstance(named, str) or not named:
        raise LanguageHostError(
            f"{Path(root_directory) / 'Pulumi.yaml'} names no virtual environment; "
            "set runtime.options.virtualenv, for instance to .venv"
        )
    environment = Environment(Path(root_directory, named).absolute())
    if not environment.python.exists():
        raise LanguageHostError(
            f"the virtual environment {environment.root} (runtime.options.virtualenv in Pulumi.yaml) "
            f"{'has no bin/python' if environment.root.exists() else 'does not exist'}; "
            "make it and install the project's requirements into it"
        )
    return environment
