"""The application: routes, error documents, and what is opened for as long as it runs."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from api import openapi, problems
from api.auth.routes import router as auth
from api.docs.routes import router as docs
from api.flags.routes import router as flags
from api.google.routes import router as google
from api.health.routes import router as health
from api.items.routes import router as items
from api.limits.middleware import BodyLimit, RequestLimit
from api.logs import configure_logging
from api.middleware import RequestScope
from api.privacy.routes import router as privacy
from api.resources import Resources, open_resources
from api.sessions.routes import router as sessions
from api.settings import Settings, load_settings
from api.shortcuts import Shortcuts
from api.tasks.routes import router as tasks
from api.users.routes import router as users

VERSION = "1.0.0"  # of the interface; the release that serves it stands in the header X-Release
ROUTERS = (items, users, health, auth, sessions, google, privacy, flags, tasks, docs)
TAGS = [
    {"name": "auth", "description": "Signing up, in and out, and what comes by mail"},
    {"name": "sessions", "description": "Where one is signed in"},
    {"name": "users", "description": "One's own account, and the list for staff"},
    {"name": "items", "description": "What users keep"},
    {"name": "privacy", "description": "A copy of one's data, and its end"},
    {"name": "flags", "description": "Features that are switched on and off"},
    {"name": "tasks", "description": "The task queue, for staff and for the deployment's own checks"},
    {"name": "health", "description": "Whether all is well"},
]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[dict[str, Resources]]]


def build_api(lifespan: Lifespan | None = None) -> FastAPI:
    """Build the FastAPI application without its outer wrapping; OpenAPI is generated from this."""
    api = FastAPI(
        title="Slipway API",
        version=VERSION,
        description="Errors are problem documents (RFC 9457) with the request's id.",
        openapi_tags=TAGS,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # the middleware has logs and metrics
        servers=[{"url": "/api", "description": "As the edge publishes it"}],
        generate_unique_id_function=openapi.operation_id,
        docs_url=None,  # the stock page loads its script from another site, which our CSP forbids
        redoc_url=None,
    )
    problems.install(api)
    openapi.install(api)
    for router in ROUTERS:
        api.include_router(router)
    api.add_middleware(Shortcuts)  # within the net for unforeseen errors, which answers those with a problem document
    return api


def lifespan_of(settings: Settings) -> Lifespan:
    """Return what opens and closes everything that the API needs."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Resources]]:
        async with open_resources(settings) as resources:
            yield {"resources": resources}

    return lifespan


def create_app() -> ASGIApp:
    """Build what the server runs; called once in each worker process."""
    settings = load_settings()
    configure_logging(settings.api_log_level, settings.release)
    api: ASGIApp = BodyLimit(build_api(lifespan_of(settings)))
    return RequestScope(RequestLimit(api, settings.rate_limit_api_rpm), settings.release)
