"""The API's state in one SQLite file: JSON records by kind, and counters for integer ids."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
create table if not exists record (
    seq integer primary key autoincrement,
    kind text not null,
    key text not null,
    body text not null check (json_valid(body)),
    unique (kind, key)
);
create index if not exists record_status on record (kind, json_extract(body, '$.status'));
create table if not exists counter (name text primary key, value integer not null);
"""


class Database:
    """One SQLite connection that threads share; a lock is held for each statement and for each transaction."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._after_commit: list[Callable[[], None]] = []
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make what is done inside one change, seen by others whole or not at all; nests."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("begin immediate")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._after_commit.clear()
                self._connection.execute("rollback")
                raise
            else:
                self._connection.execute("commit")
            finally:
                self._depth = 0
            actions, self._after_commit = self._after_commit, []
        for action in actions:
            action()

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once the transaction is committed (never if it is not), or now when there is none."""
        with self._lock:
            if self._depth:
                self._after_commit.append(action)
                return
        action()

    def select(self, sql: str, parameters: tuple[object, ...] = ()) -> list[str]:
        """Return the first column of every row."""
        with self._lock:
            return [row[0] for row in self._connection.execute(sql, parameters)]

    def execute(self, sql: str, parameters: tuple[object, ...]) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, parameters).rowcount

    def next_number(self, name: str, first: int) -> int:
        """Return the counter's next value, `first` the first time; a value is never given twice."""
        with self._lock:
            sql = (
                "insert into counter (name, value) values (?, ?) "
                "on conflict (name) do update set value = value + 1 returning value"
            )
            row = self._connection.execute(sql, (name, first)).fetchall()[0]
            return int(row[0])
