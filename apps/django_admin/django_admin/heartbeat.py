"""Signs of life: a process without a port touches a file, and its health check looks how old the file is."""

import os
import tempfile
import time
from pathlib import Path

WORKER, BEAT = "celery-worker", "celery-beat"
# The worker's broker connection beats every 2 s; beat sends its heartbeat task every 30 s.
MAX_AGE_S = {WORKER: 20.0, BEAT: 75.0}


def path_of(process: str) -> Path:
    """Return the file of one process, in HEARTBEAT_DIR or the directory for temporary files."""
    return Path(os.environ.get("HEARTBEAT_DIR") or tempfile.gettempdir()) / f"{process}.alive"


def touch(process: str) -> None:
    """Say that `process` is alive."""
    path_of(process).touch()


def age_s(process: str) -> float | None:
    """Return how long ago `process` was last known alive; None if never."""
    try:
        return max(0.0, time.time() - path_of(process).stat().st_mtime)
    except FileNotFoundError:
        return None
