"""A local cloud inside the test process: the real API server over a machine side that only remembers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from localcloud.app import create_app
from localcloud.settings import Settings
from localcloud.tests.doubles import RecordingRuntime

TOKEN = "dop_v1_" + "5" * 64


@dataclass
class LocalCloud:
    """The cloud's address and what its machine side was asked."""

    url: str
    runtime: RecordingRuntime

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Change something behind Pulumi's back, or look."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        answer = httpx.request(method, self.url + path, content=data, headers=headers, timeout=30).raise_for_status()
        return answer.json() if answer.content else None

    def only(self, collection: str, key: str | None = None) -> Any:
        """Return the only object of a collection."""
        (found,) = self.call("GET", f"/v2/{collection}")[key or collection.rsplit("/", 1)[-1]]
        return found


@contextmanager
def local_cloud(home: Path, time_scale: float = 0.0) -> Iterator[LocalCloud]:
    """Run a local cloud on a free port."""
    home.mkdir()
    (home / "token").write_text(TOKEN)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = Settings(
            home=home,
            name="dop",
            api_port=port,
            time_scale=time_scale,
            requests_per_hour=10**6,
            requests_per_minute=10**6,
        )
        runtime = RecordingRuntime()
        server = uvicorn.Server(uvicorn.Config(create_app(settings, runtime), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield LocalCloud(f"http://127.0.0.1:{port}", runtime)
        finally:
            server.should_exit = True
            thread.join()
