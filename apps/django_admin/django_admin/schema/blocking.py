"""Who holds the lock that this process waits for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, cast

import psycopg
from django.db import connection

LOOK_EVERY_S = 0.3
HOLDERS = """
    select usename::text, application_name, coalesce(state, ''), coalesce(query, '')
    from pg_stat_activity
    where pid = any (pg_blocking_pids(%s))
    order by pid
"""
# From a literal on a query may hold somebody's data.
LITERAL = re.compile(r"'|\$[A-Za-z_]*\$|--|/\*")
NUMBER = re.compile(r"(?<![\w$.])\d[\d.]*")
QUERY_MAX = 120


@contextmanager
def watching(holders: list[str]) -> Iterator[None]:
    """Look from a second connection, while the block runs, who blocks this one; `holders` keeps the last ones seen."""
    waiting = cast("psycopg.Connection[Any]", connection.connection).info.backend_pid
    is_over = Event()
    with second_connection() as second:
        watcher = Thread(target=watch, args=(second, waiting, holders, is_over))
        watcher.start()
        try:
            yield
        finally:
            is_over.set()
            watcher.join()


def second_connection() -> "psycopg.Connection[Any]":
    """Connect as this process is connected."""
    to = connection.settings_dict
    return psycopg.connect(
        dbname=to["NAME"],
        user=to["USER"],
        password=to["PASSWORD"],
        host=to["HOST"],
        port=to["PORT"],
        connect_timeout=3,
        autocommit=True,
    )


def watch(second: "psycopg.Connection[Any]", waiting: int, holders: list[str], is_over: Event) -> None:
    """Look again and again until it is over."""
    while not is_over.wait(LOOK_EVERY_S):
        seen = second.execute(HOLDERS, [waiting]).fetchall()
        if seen:
            holders[:] = [describe_holder(*row) for row in seen]


def describe_holder(user: str | None, application: str, state: str, query: str) -> str:
    """Name a session, without any value that its query holds."""
    told = f": {without_values(query)}" if query else ""
    return f"{application or 'an unnamed application'} as {user} ({state or 'state unknown'}){told}"


def without_values(query: str) -> str:
    """Return the beginning of a query, up to its first literal or comment, with numbers left out."""
    literal = LITERAL.search(query)
    shown = " ".join(NUMBER.sub("…", query[: literal.start()] if literal else query).split())
    return f"{shown[:QUERY_MAX]} …" if literal or len(shown) > QUERY_MAX else shown
