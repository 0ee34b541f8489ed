"""`python -m api`: serve."""

import sys

import uvicorn

from api.errors import SettingsInvalid
from api.logs import configure_logging
from api.settings import load_settings

KEEP_ALIVE_S = 120  # longer than the edge keeps an idle connection (90 s), so that the edge is the one to close it


def main() -> int:
    """Run the server until it is told to stop; answer 2 if the settings are wrong."""
    try:
        settings = load_settings()
    except SettingsInvalid as error:
        print(error, file=sys.stderr)
        return 2
    configure_logging(settings.api_log_level, settings.release)
    uvicorn.run(
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
