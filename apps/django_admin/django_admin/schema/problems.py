"""A disagreement between code and schema."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One disagreement; `name` is the missing thing as far as it has a name, `of` the release whose code it is."""

    kind: str
    name: str
    message: str
    file: str = ""
    statement: str = ""
    line: int = 0
    of: str = ""
    column: str = ""
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line} {self.statement}: " if self.file else ""
        return f"{place}{self.message}"
