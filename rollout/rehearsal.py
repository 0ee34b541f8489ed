"""What a rehearsal found, kept in the release's folder for the steps after it."""

import json
from dataclasses import asdict, dataclass

from rollout.context import Context

FILE = "rehearsal.json"


@dataclass(frozen=True)
class Rehearsal:
    """Which migrations were pending (None: nobody asked), how many statements were checked, and on what."""

    pending: list[str] | None
    statements_checked: int
    on: str  # live: nothing was pending; copy; nothing: there was nothing that a migration could break
    is_demo_wanted: bool = False

    @property
    def is_code_only(self) -> bool:
        """The release leaves the schema as it is, and fits it."""
        return self.pending == []


def keep(ctx: Context, rehearsal: Rehearsal) -> None:
    """Write it down."""
    ctx.host.write(ctx.folder / FILE, json.dumps(asdict(rehearsal)))


def recall(ctx: Context) -> Rehearsal:
    """Read what this run's rehearsal found."""
    return Rehearsal(**json.loads((ctx.folder / FILE).read_text()))
