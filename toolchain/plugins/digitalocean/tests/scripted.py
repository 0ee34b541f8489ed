"""An HTTP server that gives prepared answers and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from toolchain.plugins.digitalocean.client import Client, Settings

DROP = "drop the connection"


@dataclass
class Script:
    """Answers by `METHOD path` in order; the last one is repeated. Each is (status, body[, headers]) or DROP."""

    answers: dict[str, list[Any]]
    calls: list[tuple[str, Any]] = field(default_factory=list)
    url: str = ""
    clients: list[Client] = field(default_factory=list)

    def client(self, **settings: Any) -> Client:
        """Return a client of this server that does not wait between tries."""
        quick = {"retry_wait_min_s": 0.001, "retry_wait_max_s": 0.001}
        client = Client(Settings(**{"token": "t0ken", "endpoint": self.url, **quick, **settings}))
        self.clients.append(client)
        return client

    def lines(self) -> list[str]:
        """Return the calls as `METHOD path`."""
        return [line for line, _ in self.calls]


@contextmanager
def serving(answers: dict[str, list[Any]]) -> Iterator[Script]:
    """Serve the answers on a free port."""
    script = Script(answers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script))
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        for client in script.clients:
            client.close()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            line = f"{self.command} {self.path}"
            script.calls.append((line, body))
            prepared = script.answers.get(line) or [(404, {"id": "not_found", "message": f"nothing at {line}"})]
            answer = prepared.pop(0) if len(prepared) > 1 else prepared[0]
            if answer == DROP:
                self.close_connection = True
                return
            status, content, *more = answer
            data = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            self.send_response_only(status)
            self.send_header("Date", formatdate(usegmt=True))
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if status == 204 else str(len(data)))
            self.end_headers()
            if status != 204:
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
