"""The HTTP application: DigitalOcean's /v2 API over one local cloud."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import time

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from localcloud.account import routes as account
from localcloud.actions import routes as actions
from localcloud.catalogue import routes as catalogue
from localcloud.cloud import Cloud
from localcloud.domains import routes as domains
from localcloud.droplets import routes as droplets
from localcloud.firewalls import routes as firewalls
from localcloud.keys import routes as keys
from localcloud.projects import routes as projects
from localcloud.reserved_ips import routes as reserved_ips
from localcloud.runtime import Runtime
from localcloud.settings import Settings
from localcloud.tags import routes as tags
from localcloud.volumes import routes as volumes
from localcloud.vpcs import routes as vpcs
from localcloud.wire import unoffered
from localcloud.wire.failures import install_failure_handlers
from localcloud.wire.gate import Gate
from localcloud.wire.limits import RateLimiter

GROUPS = (
    account,
    actions,
    catalogue,
    domains,
    droplets,
    firewalls,
    keys,
    projects,
    reserved_ips,
    tags,
    volumes,
    vpcs,
    unoffered,  # last: it answers what no other group does
)


def create_app(settings: Settings, runtime: Runtime, now: Callable[[], float] = time) -> FastAPI:
    """Build the API server; the cloud behind it starts and stops with it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        cloud = Cloud(settings, runtime)
        app.state.cloud = cloud
        await run_in_threadpool(cloud.start)
        yield
        await run_in_threadpool(cloud.stop)

    app = FastAPI(
        title="DigitalOcean on this machine", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None
    )
    install_failure_handlers(app)
    for group in GROUPS:
        app.include_router(group.router)
    limiter = RateLimiter(settings.requests_per_hour, settings.requests_per_minute, now)
    app.add_middleware(Gate, token=settings.read_token(), limiter=limiter)
    return app
