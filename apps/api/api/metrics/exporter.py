"""The metrics page: served by a thread of its own, so that it answers even while the event loop is busy."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

SHARED_DIR = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def exporting(host: str, port: int, workers: int) -> Iterator[None]:
    """Serve the metrics of this process, or of all its workers, which share a directory, while the block runs."""
    with ExitStack() as stack:
        registry = REGISTRY
        if workers > 1:
            os.environ[SHARED_DIR] = stack.enter_context(tempfile.TemporaryDirectory(prefix="metrics-"))
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        server, thread = start_http_server(port, host, registry)
        stack.callback(thread.join)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        yield
