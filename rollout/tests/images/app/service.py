"""A service that tells its release and keeps what it is given; VARIANT decides how well it does."""

import asyncio
import base64
import hashlib
import os
import signal
import struct
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path

import asyncpg

VARIANT, RELEASE = os.environ["VARIANT"], os.environ.get("RELEASE", "none")
DATABASE = Path("/run/secrets/database_url")
SHOWN = "another" if VARIANT == "liar" else RELEASE
KEEP = "insert into written (id, release) values ($1, $2)"
# RFC 6455: the word that proves a handshake, two kinds of frames, and the code of a server that goes away.
PROOF, TEXT, CLOSE, GOING_AWAY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 1, 8, 1001


class Service:
    """Answers each request on a connection of its own, so that nobody waits for one that is kept open."""

    def __init__(self, pool: asyncpg.Pool | None) -> None:
        self.pool = pool
        self.sockets = set[StreamWriter]()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, path, _ = head[0].split(" ")
            if path == "/socket":
                await self.echo(reader, writer, headers["sec-websocket-key"])
            else:
                await self.answer(writer, method, path, float(headers.get("x-seconds", 0)), body.decode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the other side has gone
        finally:
            writer.close()

    async def answer(self, writer: StreamWriter, method: str, path: str, seconds: float, body: str) -> None:
        if path == "/stream":
            await self.stream(writer, seconds)
        elif path == "/broken" and VARIANT == "holed":
            send(writer, 500, "this route was never tried")
        elif method == "POST":
            await self.keep(writer, body)
        else:
            await asyncio.sleep(seconds or 0.02)  # so that some requests are always in flight
            send(writer, 503 if VARIANT == "sick" else 200, f"{VARIANT} {RELEASE}")

    async def keep(self, writer: StreamWriter, body: str) -> None:
        assert self.pool is not None
        try:
            await self.pool.execute(KEEP, body, RELEASE, timeout=10)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
            send(writer, 503, f"{type(fault).__name__}: {fault}")
        else:
            send(writer, 201, f"kept {body}")

    async def stream(self, writer: StreamWriter, seconds: float) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nX-Release: {SHOWN}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for number in range(int(seconds * 10)):
            line = f"{number} {RELEASE}\n"
            writer.write(f"{len(line):x}\r\n{line}\r\n".encode())
            await writer.drain()
            await asyncio.sleep(0.1)
        writer.write(b"0\r\n\r\n")

    async def echo(self, reader: StreamReader, writer: StreamWriter, key: str) -> None:
        """Send every text back until the other side says goodbye."""
        proof = base64.b64encode(hashlib.sha1((key + PROOF).encode(), usedforsecurity=False).digest()).decode()
        head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade"
        writer.write(f"{head}\r\nSec-WebSocket-Accept: {proof}\r\nX-Release: {SHOWN}\r\n\r\n".encode())
        self.sockets.add(writer)
        try:
            while True:
                first, second = await reader.readexactly(2)
                mask = await reader.readexactly(4)
                content = await reader.readexactly(second & 0x7F)
                if first & 0x0F == CLOSE:
                    return
                writer.write(frame(TEXT, bytes(byte ^ mask[n % 4] for n, byte in enumerate(content))))
                await writer.drain()
        finally:
            self.sockets.discard(writer)

    def leave(self) -> None:
        """Tell everybody with an open socket to come back elsewhere."""
        for writer in self.sockets:
            writer.write(frame(CLOSE, struct.pack(">H", GOING_AWAY)))


def send(writer: StreamWriter, status: int, text: str) -> None:
    head = f"HTTP/1.1 {status} -\r\nX-Release: {SHOWN}\r\nContent-Length: {len(text) + 1}\r\nConnection: close"
    writer.write(f"{head}\r\n\r\n{text}\n".encode())


def frame(kind: int, content: bytes) -> bytes:
    return bytes([0x80 | kind, len(content)]) + content  # ours are shorter than 126 bytes


def misbehave(loop: asyncio.AbstractEventLoop) -> None:
    if VARIANT == "crash":
        sys.exit("RuntimeError: no such setting: COLOUR")
    if VARIANT == "hungry":
        print(f"{len(b'x' * (1 << 30))} bytes taken", flush=True)
    if VARIANT == "fades" and not DATABASE.exists():  # all but the API
        loop.call_later(10, os._exit, 3)


async def main() -> None:
    token = Path("/run/secrets/verification_token").read_text()
    print(f"variant {VARIANT} starts with token {token}", flush=True)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    misbehave(loop)
    # It opens nothing yet: the database may come up later than this.
    pool = await asyncpg.create_pool(DATABASE.read_text(), min_size=0, max_size=4) if DATABASE.exists() else None
    service = Service(pool)
    server = await asyncio.start_server(service.serve, "", int(sys.argv[1]))
    await ended.wait()
    server.close()
    service.leave()
    await server.wait_closed()  # what is in hand is answered first


asyncio.run(main())
