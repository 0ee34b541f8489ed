"""The plugin's executable: `python -m toolchain.plugins.digitalocean ENGINE`."""

from toolchain.plugins.digitalocean.provider import DigitalOcean
from toolchain.plugins.server import serve

if __name__ == "__main__":
    serve(DigitalOcean())
