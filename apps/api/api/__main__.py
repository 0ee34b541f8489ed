"""`python -m api`: serve."""

import sys

import uvicorn
from uvicorn.supervisors import Multiprocess

from api.errors import SettingsInvalid
from api.logs import configure_logging
from api.metrics.exporter import exporting
from api.server import DrainingServer
from api.settings import Settings, load_settings

KEEP_ALIVE_S = 120  # longer than the edge keeps an idle connection (90 s), so that the edge is the one to close it


def main() -> int:
    """Run the server until it is told to stop; answer 2 if the settings are wrong."""
    try:
        settings = load_settings()
    except SettingsInvalid as error:
        print(error, file=sys.stderr)
        return 2
    configure_logging(settings.api_log_level, settings.release)
    config = configuration(settings)
    with exporting(settings.api_host, settings.metrics_port, settings.api_workers):
        if settings.api_workers == 1:
            DrainingServer(config, settings.shutdown_notice_s).run()
        else:
            Multiprocess(config, sockets=[config.bind_socket()]).run()
    return 0


def configuration(settings: Settings) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    return uvicorn.Config(
        "api.app:create_app",
        factory=True,
        host=settings.api_host,
        port=settings.api_port,
        workers=settings.api_workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.api_trusted_proxies,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=settings.shutdown_timeout_s,
    )


if __name__ == "__main__":
    sys.exit(main())
