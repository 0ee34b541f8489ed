"""The database of the engine that exists only in memory, and the one-shot container that asks and migrates it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rollout.postgres import COPY


@dataclass
class FakeDatabase:
    """What the steps see of a database; `one_shots` tells which containers were run on it."""

    has_tables: bool = False
    pending: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)
    one_shots: list[str] = field(default_factory=list)

    def run(self, line: str) -> tuple[int, str, str]:
        """Play what is executed in Postgres' own container."""
        if "drop database" in line:
            self.copies.clear()
        if "create database" in line:
            self.copies.add(COPY)
        if "pg_database" in line:
            return 0, "postgres\nslipway\n", ""
        if "pg_stat_user_tables" in line:
            return 0, "3" if self.has_tables else "0", ""
        return 0, "1; TABLE item\n" if "pg_restore" in line else "", ""

    def one_shot(self, words: Sequence[str]) -> tuple[int, str, str]:
        """Play the one-shot service: `release_check`, else the migration."""
        is_copy = f"DATABASE_NAME={COPY}" in words
        if "release_check" not in words:
            self.one_shots.append("migrate")
            self.has_tables, self.pending = True, []
            return 0, "migrated: 1 applied\n", ""
        self.one_shots.append("check of a copy" if is_copy else "check")
        if is_copy and not self.copies:
            return 3, "", "there is no copy"
        if self.pending and not is_copy:
            return 0, json.dumps({"pending": self.pending}), ""
        told = {"pending": [], "statements_checked": 1, "problems": self.problems, "models": []}
        return int(bool(self.problems)), f"applied\n{json.dumps(told)}\n", ""
