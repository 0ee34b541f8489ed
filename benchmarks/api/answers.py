"""Before anything is measured: every contestant answers every request alike, or the comparison is of different work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx

from benchmarks.api.rounds import Place, Run
from benchmarks.api.servers import API

NEW = {"id", "created_at", "updated_at"}  # of an item that was just made
OWN = {"next_cursor"}  # everybody encodes it in their own way


class AnswersDiffer(Exception):
    """A contestant answers something else than the API."""


def check_answers(run: Run, place: Place) -> None:
    """Raise `AnswersDiffer` unless all answers are the same, but for what is new with each."""
    for name in run.names():
        found = {contestant: answer(run, place, name, contestant) for contestant in place.servers}
        for contestant, given in found.items():
            if given != found[API.name]:
                raise AnswersDiffer(f"{name}: {contestant} says {given}\nand the API {found[API.name]}")
    run.data.forget_new_items()


def answer(run: Run, place: Place, name: str, contestant: str) -> tuple[int, Any]:
    """Return status and body of one answer."""
    case = run.case(name, place)
    url = place.base(contestant) + case.paths[0]
    given = httpx.request(case.method, url, headers=case.headers, content=case.body)
    ignored = OWN | (NEW if case.method == "POST" else set())
    return given.status_code, plain(given.json(), ignored)


def plain(value: Any, ignored: set[str]) -> Any:
    """Return a body with times that can be compared, without what is ignored."""
    if isinstance(value, dict):
        return {name: plain(inner, ignored) for name, inner in value.items() if name not in ignored}
    if isinstance(value, list):
        return [plain(inner, ignored) for inner in value]
    return time_or_itself(value)


def time_or_itself(value: Any) -> Any:
    """Return the time that a text is, or the value."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
