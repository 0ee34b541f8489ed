"""The checkout: where things lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from slipway.errors import ConfigurationFault


@dataclass(frozen=True)
class Project:
    """Paths of one checkout; state that git ignores is under `.slipway`."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Return the project that `start` (default: the working directory) lies in."""
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "Pulumi.yaml").is_file() and (folder / "infra").is_dir():
                return cls(folder)
        raise ConfigurationFault(f"{here} lies in no Slipway checkout; change into one and run the command again")

    @property
    def state(self) -> Path:
        """Everything that deployments from this checkout keep on this machine."""
        return self.root / ".slipway"

    @property
    def local_cloud(self) -> Path:
        """The local cloud's home."""
        return self.state / "local"

    @property
    def backend(self) -> Path:
        """Pulumi's state of the local stack."""
        return self.state / "pulumi-state"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase of the local stack's secrets."""
        return self.state / "passphrase"

    @property
    def operator_key(self) -> Path:
        """The private key that reaches the local stack's droplet."""
        return self.state / "keys" / "operator"

    @property
    def operators(self) -> Path:
        """Keys that were made for other stacks: they outlive stack `local` and everything of it."""
        return self.state / "operators"

    @property
    def guard_password(self) -> Path:
        """The password that the local stack's guarded hosts ask for."""
        return self.state / "keys" / "guard"

    @property
    def staff_made(self) -> Path:
        """Marks that the local stack has its staff account; it goes with the deployment's facts."""
        return self.state / "deployments" / "local.staff-made"

    @property
    def artifacts(self) -> Path:
        """Where verification leaves a folder per run."""
        return self.root / "local_run_logs"

    @property
    def backups(self) -> Path:
        """Where `slipway backup` puts dumps of databases."""
        return self.root / "local_backups"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.root / ".venv" / "bin" / "python"

    def given_key(self, stack: str) -> Path:
        """Where a private key that stands in a stack's configuration is put for ssh."""
        return self.operators / f"{stack}.given"

    def facts_file(self, stack: str) -> Path:
        """Return where the facts of a stack's deployment are kept."""
        return self.state / "deployments" / f"{stack}.json"
