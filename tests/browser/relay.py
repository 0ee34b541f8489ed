"""Carries what the browser sends within its own network to the deployment, from this machine's network."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.launch import PORTS

PIECE = 65536


@contextmanager
def relay_to(address: str) -> Iterator[Path]:
    """Carry connections to `address` during the block; yields the socket where the browser's launcher calls."""
    with tempfile.TemporaryDirectory(prefix="slipway-browser-") as folder:
        relay = Relay(address, Path(folder) / "door")
        thread = threading.Thread(target=lambda: asyncio.run(relay.run()), name="relay")
        thread.start()
        relay.is_open.wait()
        try:
            yield relay.path
        finally:
            relay.close()
            thread.join()


@dataclass
class Relay:
    """One browser's way out."""

    address: str
    path: Path
    is_open: threading.Event = field(default_factory=threading.Event)

    async def run(self) -> None:
        """Wait for the launcher, serve the sockets that it brings, end when told to."""
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(self.path))
            door.listen()
            door.setblocking(False)
            self.is_open.set()
            serving = asyncio.create_task(self._serve(door))
            await self._end.wait()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    def close(self) -> None:
        """End `run`, from any thread."""
        self._loop.call_soon_threadsafe(self._end.set)

    async def _serve(self, door: socket.socket) -> None:
        launcher, _ = await self._loop.sock_accept(door)
        with launcher:
            launcher.setblocking(True)
            _, descriptors, _, _ = await asyncio.to_thread(socket.recv_fds, launcher, PIECE, len(PORTS))
        listeners = [socket.socket(fileno=descriptor) for descriptor in descriptors]
        servers = [await asyncio.start_server(self._carry, sock=listener) for listener in listeners]
        try:
            await asyncio.gather(*(server.serve_forever() for server in servers))
        finally:
            for server in servers:
                server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port: int = writer.get_extra_info("sockname")[1]
        try:
            onward_reader, onward_writer = await asyncio.open_connection(self.address, port)
        except OSError:
            writer.close()  # the browser sees what it would have seen: a connection that fails
            return
        await asyncio.gather(_pour(reader, onward_writer), _pour(onward_reader, writer))


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass bytes on until one side ends, then end the other."""
    try:
        with suppress(ConnectionError):  # either side may hang up whenever it likes
            while piece := await source.read(PIECE):
                target.write(piece)
                await target.drain()
    finally:
        target.close()
