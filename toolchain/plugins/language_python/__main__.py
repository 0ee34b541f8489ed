"""Entry point: `python -m toolchain.plugins.language_python [flags] ENGINE`."""

from toolchain.plugins.language_python.server import main

if __name__ == "__main__":
    main()
