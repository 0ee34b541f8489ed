"""A local cloud's API in this process, for what talks to the account; its machine side only records."""

from localcloud.tests.conftest import local, runtime, serve, stage

__all__ = ["local", "runtime", "serve", "stage"]
