"""Runs a provider as the CLI wants it run: `serve(MyProvider())` is a plugin's whole main."""

from __future__ import annotations

import sys
from typing import NoReturn

import grpc

from toolchain.plugins import process
from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.engine import Engine
from toolchain.plugins.provider import Provider
from toolchain.plugins.servicer import ProviderServicer
from toolchain.plugins.wire import provider_pb2_grpc


def serve(provider: Provider, version: str = "0.0.0") -> NoReturn:
    """Serve until the CLI is done; `version` counts only where the engine names no plugin directory."""
    cancellation = Cancellation()
    engine = Engine(process.engine_address(sys.argv))
    servicer = ProviderServicer(provider, version, engine, cancellation)

    def register(server: grpc.Server) -> None:
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)

    process.run(register, cancellation)
