"""What a step is."""

from typing import ClassVar

from rollout.context import Context


class Step:
    """One named part of a rollout. `do` and `undo` may each be cut short at any point and run again."""

    name: ClassVar[str]

    def do(self, ctx: Context) -> str:
        """Bring the step about; returns what to tell the operator."""
        raise NotImplementedError

    def undo(self, ctx: Context) -> None:
        """Take back what `do` may have left; by default a step leaves nothing that harms."""
