"""A service that tells its release; VARIANT decides how well it does."""

import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

VARIANT, RELEASE = os.environ["VARIANT"], os.environ.get("RELEASE", "none")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        time.sleep(0.02)  # so that some requests are always in flight
        body = f"{VARIANT} {RELEASE}\n".encode()
        self.send_response(503 if VARIANT == "sick" else 200)
        self.send_header("X-Release", "another" if VARIANT == "liar" else RELEASE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    token = Path("/run/secrets/verification_token").read_text()
    print(f"variant {VARIANT} starts with token {token}", flush=True)
    if VARIANT == "crash":
        sys.exit("RuntimeError: no such setting: COLOUR")
    server = ThreadingHTTPServer(("", int(sys.argv[1])), Handler)
    server.daemon_threads = False
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(0.01)
    server.server_close()


main()
