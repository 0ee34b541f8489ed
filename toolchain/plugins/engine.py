"""The line back to the engine: what the user sees under a resource."""

from __future__ import annotations

import threading

import grpc

from toolchain.plugins.provider import Severity
from toolchain.plugins.wire import MESSAGE_LIMITS, engine_pb2, engine_pb2_grpc

_SEVERITIES = {"debug": engine_pb2.DEBUG, "info": engine_pb2.INFO, "warning": engine_pb2.WARNING}
_PATIENCE_S = 5.0


class Engine:
    """Speaks to the engine once its address is known; before that, and after its end, what is said is lost."""

    def __init__(self, address: str = "") -> None:
        self._lock = threading.Lock()
        self._stub: engine_pb2_grpc.EngineStub | None = None
        self._address = ""
        self.connect(address)

    def connect(self, address: str) -> None:
        """Use the engine at `address` from now on."""
        with self._lock:
            if address and address != self._address:
                self._address = address
                self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address, options=MESSAGE_LIMITS))

    def log(self, severity: Severity, text: str, urn: str = "", ephemeral: bool = False) -> None:
        """Show a line; never at error severity, which would print a failure and still exit 0."""
        with self._lock:
            stub = self._stub
        if stub is None:
            return
        request = engine_pb2.LogRequest(severity=_SEVERITIES[severity], message=text, urn=urn, ephemeral=ephemeral)
        try:
            stub.Log(request, timeout=_PATIENCE_S)
        except grpc.RpcError:
            return  # the engine is gone or going: there is nobody left to tell
