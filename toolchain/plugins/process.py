"""The life of a plugin's process: say the port, serve, notice the CLI's end, and leave in time."""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import grpc

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.wire import MESSAGE_LIMITS

# More than any --parallel: with fewer, creates queue up and Cancel waits behind them. An idle worker costs nothing.
WORKERS = 256
# The engine kills 5 s after its SIGINT; handlers that heed the cancel flag are long gone by then.
LAST_WORDS_S = 3.0


def engine_address(argv: Sequence[str]) -> str:
    """Return the address that the CLI gives last, after optional flags; "" when started without it."""
    return argv[-1] if len(argv) > 1 and not argv[-1].startswith("-") else ""


def make_server() -> tuple[grpc.Server, int]:
    """Return a server bound to a free port of the loopback interface, and that port."""
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=MESSAGE_LIMITS)
    return server, server.add_insecure_port("127.0.0.1:0")


def run(register: Callable[[grpc.Server], None], cancellation: Cancellation) -> NoReturn:
    """Serve until SIGINT, SIGTERM or the CLI's death, then leave without waiting for the thread pool."""
    server, port = make_server()
    register(server)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _watch_stdin(stop)
    stop.wait()
    cancellation.set()
    server.stop(grace=LAST_WORDS_S).wait()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _watch_stdin(stop: threading.Event) -> None:
    """Stop when the CLI dies: it holds our stdin open. Under another host's RunPlugin stdin is /dev/null instead."""
    try:
        is_pipe = stat.S_ISFIFO(os.fstat(0).st_mode)
    except OSError:
        return

    def drain() -> None:
        while os.read(0, 4096):
            pass
        stop.set()

    if is_pipe:
        threading.Thread(target=drain, daemon=True, name="stdin").start()
