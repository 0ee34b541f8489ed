import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from api.logs import configure_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_our_own_and_foreign_records_are_json_lines_with_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "r1")
    structlog.stdlib.get_logger("api.test").info("ours", number=1)
    logging.getLogger("uvicorn.error").info("%s", "theirs")
    lines = logged(capsys)
    assert [(line["event"], line["release"], line["level"]) for line in lines] == [
        ("ours", "r1", "info"),
        ("theirs", "r1", "info"),
    ]
    assert lines[0]["number"] == 1


def test_a_traceback_holds_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "r1")
    password = "".join(["hun", "ter2"])
    try:
        raise ValueError(len(password))
    except ValueError:
        structlog.stdlib.get_logger("api.test").exception("failed")
    (line,) = logged(capsys)
    assert "ValueError" in json.dumps(line["exception"])
    assert password not in json.dumps(line)
