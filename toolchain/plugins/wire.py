"""Pulumi's generated protocol modules, loaded without the rest of its SDK.

`import pulumi.runtime.proto` executes the whole SDK first (0.32 s against 0.13 s), which every start of a plugin would
pay. So the package of stubs is loaded by its path; to a type checker it is the SDK's own.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from toolchain.plugins.errors import PluginError

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        language_pb2,
        language_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
        status_pb2,
    )
else:
    _NAME = "pulumi_wire"

    def _load(module: str) -> object:
        if _NAME not in sys.modules:
            sdk = importlib.util.find_spec("pulumi")
            if sdk is None or sdk.origin is None:
                raise PluginError(f"the Python package `pulumi` is missing from {sys.prefix}; install it there")
            folder = Path(sdk.origin).parent / "runtime" / "proto"
            spec = importlib.util.spec_from_file_location(
                _NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
            )
            sys.modules[_NAME] = importlib.util.module_from_spec(spec)
        return importlib.import_module(f"{_NAME}.{module}")

    engine_pb2 = _load("engine_pb2")
    engine_pb2_grpc = _load("engine_pb2_grpc")
    language_pb2 = _load("language_pb2")
    language_pb2_grpc = _load("language_pb2_grpc")
    plugin_pb2 = _load("plugin_pb2")
    provider_pb2 = _load("provider_pb2")
    provider_pb2_grpc = _load("provider_pb2_grpc")
    status_pb2 = _load("status_pb2")

__all__ = [
    "MESSAGE_LIMITS",
    "engine_pb2",
    "engine_pb2_grpc",
    "language_pb2",
    "language_pb2_grpc",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "status_pb2",
]

# The engine's own limit; Python's default of 4 MiB refuses a large archive or state.
_MESSAGE_BYTES = 400 << 20
MESSAGE_LIMITS = [("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)]
