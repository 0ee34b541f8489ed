"""The contestants, each a container on the server's core."""

from __future__ import annotations

import secrets
import ssl
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from benchmarks.api.containers import HARDENED, LOGGED, SERVER_CORE, Container, docker, running
from benchmarks.api.data import DOMAIN, RELEASE, Data, Seeded, write_secrets
from benchmarks.page import ROOT

API_IMAGE, IMAGE = "slipway-bench/api", "slipway-bench/competitors"
POOL = 10  # the API's own default, for all
RPM = 100_000_000  # counted as ever, and never reached
PORT = 5001
HERE = ("--host", "0.0.0.0", "--port", str(PORT))  # noqa: S104 -- inside the container's own network
UVICORN = (
    *("uvicorn", "--loop", "uvloop", "--http", "httptools", "--ws", "none", "--no-access-log", "--no-server-header"),
    *("--timeout-keep-alive", "120", *HERE),
)
GRANIAN = (
    *("granian", "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--no-ws", "--no-access-log"),
    *("--workers", "1", "--runtime-threads", "1", "--runtime-mode", "st", *HERE),
)


@dataclass(frozen=True)
class Contestant:
    """Something that answers the four requests: its name, what it is, its command and its role in the database."""

    name: str
    what: str
    command: tuple[str, ...]
    role: str = "api"


API = Contestant("api", "the API (uvicorn)", ("python", "-m", "api"))
API_GRANIAN = Contestant("api-granian", "the API (granian)", (*GRANIAN, "--factory", "api.app:create_app"))
BARE = Contestant("bare", "bare ASGI", (*UVICORN, "benchmarks.competitors.bare:app"))
# Its inserts ask for columns back that the API's role may not read.
ORM = Contestant("orm", "FastAPI + SQLAlchemy", (*UVICORN, "benchmarks.competitors.orm:app"), "django")
CONTESTANTS = (API, API_GRANIAN, BARE, ORM)


def build_images() -> None:
    """Build the API's image and, from it, the one that holds the competitors."""
    docker("build", "--quiet", "--tag", API_IMAGE, str(ROOT / "apps" / "api"))
    context = ROOT / "benchmarks" / "competitors"
    docker("build", "--quiet", "--tag", IMAGE, "--build-arg", f"API_IMAGE={API_IMAGE}", str(context))


def environment(contestant: Contestant, data: Data, who: Seeded) -> dict[str, str]:
    """Return what a contestant is told; the competitors find secrets here too, the API reads its files alone."""
    return {
        "RELEASE": RELEASE,
        "DOMAIN": DOMAIN,
        "RATE_LIMIT_API_RPM": str(RPM),
        "DATABASE_POOL_SIZE": str(POOL),
        "DATABASE_URL": data.url(contestant.role),
        "JWT_SIGNING_KEY": data.signing_key,
        "ACCOUNT_ID": str(who.account_id),
        "SESSION_ID": str(who.session_id),
    }


@contextmanager
def serving(contestant: Contestant, data: Data, who: Seeded, room: Path) -> Iterator[Container]:
    """Run one contestant until the block ends."""
    files = write_secrets(
        room / contestant.name,
        database_url=data.url("api"),
        redis_url=data.redis_url,
        verification_token=secrets.token_hex(16),
        jwt_signing_key=data.signing_key,
    )
    told = environment(contestant, data, who).items()
    variables = [word for name, value in told for word in ("--env", f"{name}={value}")]
    alias = ("--network-alias", f"api-{contestant.name}")  # as the edge calls the API of a release
    options = (*HARDENED, *LOGGED, *alias, *variables, "--volume", f"{files}:/run/secrets:ro")
    with running(contestant.name, SERVER_CORE, IMAGE, options, contestant.command) as container:
        container.wait_until(lambda: answers(f"http://{container.address}:{PORT}/items?limit=1"))
        yield container


def answers(url: str) -> bool:
    """Tell whether a server answers a request well; the certificate is the bench's own and not verified."""
    context = ssl._create_unverified_context() if url.startswith("https:") else None  # noqa: S323
    request = urllib.request.Request(url, headers={"Host": DOMAIN})  # noqa: S310 -- addresses of our containers
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:  # noqa: S310 -- as above
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
