"""Entry point of the plugin."""

from toolchain.plugins.command.provider import CommandProvider
from toolchain.plugins.server import serve

if __name__ == "__main__":
    serve(CommandProvider())
