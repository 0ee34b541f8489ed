"""Logs: one JSON object per line on stdout, from structlog and from the standard library alike."""

import logging
import sys
from collections.abc import Sequence

import structlog
from pydantic_core import to_json

from api.lines import LineWriter

SHARED: Sequence[structlog.typing.Processor] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
)
# Without the values of local variables: those may be secrets, and a log is no place for them.
TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=30)
)


def configure_logging(level: str, release: str) -> None:
    """Send every record of this process to stdout as JSON, each with the release's id."""

    def add_release(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event.pop("color_message", None)  # uvicorn's, for terminals
        return {**event, "service": "api", "release": release}

    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            add_release,
            TRACEBACKS,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("uvicorn").propagate = True
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED[:-1],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def make_access_log(release: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger for one line per request: no standard library in between, which would cost more than the rest."""
    logger: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        LineWriter(sys.stdout.buffer),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=to_json_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return logger.bind(service="api", logger="api.access", release=release)


def to_json_line(event: structlog.typing.EventDict, **_: object) -> bytes:
    """Return one line of the log, without its end."""
    return to_json(event)
