"""The application: routes, error documents, and what is opened for as long as it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from api import openapi, problems
from api.health.routes import router as health
from api.items.routes import router as items
from api.logs import configure_logging
from api.middleware import RequestScope
from api.resources import Resources, open_resources
from api.settings import Settings, load_settings
from api.tasks.routes import router as tasks


def build_api(settings: Settings) -> FastAPI:
    """Build the FastAPI application without its outer wrapping; OpenAPI is generated from this."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Resources]]:
        async with open_resources(settings) as resources:
            yield {"resources": resources}

    api = FastAPI(
        title="Slipway API",
        version=settings.release,
        lifespan=lifespan,
        servers=[{"url": "/api", "description": "As the edge publishes it"}],
        docs_url=None,  # the stock page loads its script from another site, which our CSP forbids
        redoc_url=None,
    )
    problems.install(api)
    openapi.install(api)
    for router in (health, items, tasks):
        api.include_router(router)
    return api


def create_app() -> ASGIApp:
    """Build what the server runs; called once in each worker process."""
    settings = load_settings()
    configure_logging(settings.api_log_level, settings.release)
    return RequestScope(build_api(settings), settings.release)
