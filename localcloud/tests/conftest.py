"""A real server on a free port, a machine side that only records, and every answer checked against the document."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pydo
import pytest
import uvicorn
from anyio.from_thread import start_blocking_portal
from azure.core.pipeline.policies import HeadersPolicy
from starlette.types import ASGIApp, Receive, Scope, Send

from localcloud.app import create_app
from localcloud.cloud import Cloud
from localcloud.settings import Settings
from localcloud.tests.document import Checked, Document
from localcloud.tests.doubles import RecordingRuntime

TOKEN = "token-of-the-tests"
SIZE = "s-1vcpu-1gb"
IMAGE = "debian-13-x64"
REGION = "fra1"


@dataclass
class Served:
    """A running local cloud and clients that talk to it."""

    url: str
    cloud: Cloud
    runtime: RecordingRuntime
    http: httpx.Client
    do: Any
    """DigitalOcean's own Python client; it has no types."""

    def settle(self) -> None:
        """Wait until nothing goes on in the background."""
        assert self.cloud.jobs.wait_idle(20)

    def refusal(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Make a request that is refused and return status and message."""
        answer = self.http.request(method, path, json=body)
        assert answer.is_error, answer.text
        return answer.status_code, answer.json()["message"]

    def droplet(self, name: str = "web", **fields: object) -> dict[str, Any]:
        """Create a droplet and return it once it is up."""
        wanted = {"name": name, "region": REGION, "size": SIZE, "image": IMAGE} | fields
        made = self.do.droplets.create(body=wanted)["droplet"]
        self.settle()
        found: dict[str, Any] = self.do.droplets.get(made["id"])["droplet"]
        return found


class Stage:
    """One real server for the whole run, which shows one local cloud after the other."""

    def __init__(self, document: Document) -> None:
        self.app: ASGIApp | None = None
        self._document = document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        await self.app(scope, receive, send)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Serve on a free port and yield its URL."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(self, lifespan="off", log_config=None, access_log=False))
            thread = threading.Thread(target=server.run, args=([listener],))
            thread.start()
            deadline = monotonic() + 60
            while not server.started:
                assert thread.is_alive()
                assert monotonic() < deadline, "the server did not start"
                sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True
            thread.join(30)

    @contextmanager
    def showing(self, settings: Settings, runtime: RecordingRuntime) -> Iterator[Cloud]:
        """Start a local cloud, show it, stop it, and judge all its answers."""
        settings.home.mkdir(exist_ok=True)
        (settings.home / "token").write_text(TOKEN + "\n")
        app = create_app(settings, runtime)
        self.app = checked = Checked(app, self._document)
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.router.lifespan_context(app)):
            yield app.state.cloud
        assert checked.faults == []


Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Stage, str, Any, httpx.Client]]:
    stage = Stage(Document())
    # The client's own policy sends a token over https alone.
    headers = {"authorization": f"Bearer {TOKEN}"}
    policy = HeadersPolicy(headers)
    with (
        stage.listening() as url,
        pydo.Client(TOKEN, endpoint=url, authentication_policy=policy) as do,
        httpx.Client(base_url=url, headers=headers) as http,
    ):
        yield stage, url, do, http


@pytest.fixture
def runtime() -> RecordingRuntime:
    return RecordingRuntime()


@pytest.fixture
def serve(stage: tuple[Stage, str, Any, httpx.Client], tmp_path: Path, runtime: RecordingRuntime) -> Serve:
    """Return what starts a local cloud; a second one in the same test finds the state of the first."""
    shown, url, do, http = stage

    @contextmanager
    def start(**changes: Any) -> Iterator[Served]:
        settings = Settings(home=tmp_path / "home", time_scale=0).model_copy(update=changes)
        with shown.showing(settings, runtime) as cloud:
            yield Served(url, cloud, runtime, http, do)

    return start


@pytest.fixture
def local(serve: Serve) -> Iterator[Served]:
    with serve() as served:
        yield served
