"""Run one local cloud: `python -m localcloud.server --home DIR`."""

import argparse
import logging
from pathlib import Path

import uvicorn

from localcloud.app import create_app
from localcloud.machines import build_runtime
from localcloud.settings import load_settings

HOST = "127.0.0.1"


def main() -> None:
    """Serve the API until a signal ends it."""
    parser = argparse.ArgumentParser(prog="python -m localcloud.server", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="where the local cloud keeps its state")
    settings = load_settings(parser.parse_args().home)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = create_app(settings, build_runtime(settings))
    uvicorn.run(
        app,
        host=HOST,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
