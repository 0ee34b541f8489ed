"""The folder that a run leaves behind: everything is written through the redactor, what is missing is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from verification.artifacts.redact import Redactor
from verification.errors import DropletUnreachable, SiteUnreachable, VerificationError

NO_ADDRESS = "unknown-address"


@dataclass
class Folder:
    """Writes artifacts; `missing` says why one could not be had, `leaks` which known secrets a source showed."""

    path: Path
    redact: Redactor = field(default_factory=Redactor)
    missing: dict[str, str] = field(default_factory=dict)
    leaks: dict[str, list[str]] = field(default_factory=dict)
    _errors: dict[str, Exception] = field(default_factory=dict)

    def write(self, name: str, text: str) -> None:
        """Write one artifact, redacted."""
        found = self.redact.known_in(text)
        if found:
            self.leaks[name] = found
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.redact(text if text.endswith("\n") else text + "\n"))

    def attempt(self, name: str, produce: Callable[[], str]) -> None:
        """Write what can be had; a source that fails leaves its reason."""
        try:
            self.write(name, produce())
        except (VerificationError, OSError, ValueError) as error:
            self.lack(name, error)

    def lack(self, name: str, error: Exception) -> None:
        """Note why an artifact, or with a `/` at its end a folder of them, could not be had."""
        self._errors[name] = error
        self.missing[name] = self.redact(str(error) or type(error).__name__)

    def read(self, name: str) -> str:
        """Return an artifact's text; raises VerificationError with the reason why it is missing.

        Where nobody could be asked, that is the same error again: one cause is told once.
        """
        path = self.path / name
        if path.is_file():
            return path.read_text()
        error = self._errors.get(name) or self._errors.get(f"{name.partition('/')[0]}/")
        if isinstance(error, DropletUnreachable | SiteUnreachable):
            raise error
        raise VerificationError(f"{name} is missing: {error or 'it was never asked for'}")


def new_folder(root: Path, address: str, *, timestamped: bool = True) -> Path:
    """Make the folder of a run; without a time in its name it is the address alone."""
    stamp = f"-{datetime.now(UTC):%Y%m%d_%H%M%S}" if timestamped else ""
    folder = root / "local_run_logs" / f"{address}{stamp}"
    (folder / "meta").mkdir(parents=True, exist_ok=True)
    return folder
