"""Requests that take their time: a slow answer, an answer that comes bit by bit, a conversation."""

import os
import struct
import threading
from dataclasses import dataclass, field

from rollout.tests.droplet import DOMAIN, Droplet
from rollout.tests.load import Caller
from rollout.web import Answer

TEXT, CLOSE = 1, 8
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2xpcHdheS1zbGlwd2F5IQ=="
)


def take(droplet: Droplet, path: str, seconds: float) -> Answer:
    """Ask for what takes so long, and wait for its last byte."""
    return Caller(droplet).ask("GET", path, headers={"X-Seconds": str(seconds)})


@dataclass
class Conversation:
    """A WebSocket on which every word must come back, until the other side says goodbye."""

    droplet: Droplet
    release: str = ""
    echoes: int = 0
    goodbye: int = 0  # the code that the server gave
    faults: list[str] = field(default_factory=list)

    def hold(self) -> "Conversation":
        """Talk until the end; what was lost or cut stands in `faults`."""
        with Caller(self.droplet).connect() as line:
            stream = line.makefile("rb")
            line.sendall(f"GET /api/socket HTTP/1.1\r\nHost: {DOMAIN}\r\n{UPGRADE}\r\n\r\n".encode())
            head = b"".join(iter(stream.readline, b"\r\n")).decode().lower()
            self.release = head.partition("x-release: ")[2].partition("\r")[0]
            while not self.goodbye and not self.faults:
                word = f"word {self.echoes}".encode()
                line.sendall(_masked(TEXT, word))
                head_bytes = stream.read(2)
                if len(head_bytes) < 2:
                    self.faults.append(f"cut off after {self.echoes} words")
                    break
                content = stream.read(head_bytes[1])
                self._hear(head_bytes[0] & 0x0F, content, word)
                threading.Event().wait(0.05)
            line.sendall(_masked(CLOSE, struct.pack(">H", self.goodbye)))
        return self

    def _hear(self, kind: int, content: bytes, word: bytes) -> None:
        if kind == CLOSE:
            self.goodbye = struct.unpack(">H", content[:2])[0]
        elif content == word:
            self.echoes += 1
        else:
            self.faults.append(f"said {word!r}, heard {content!r}")


def _masked(kind: int, content: bytes) -> bytes:
    mask = os.urandom(4)
    return bytes([0x80 | kind, 0x80 | len(content)]) + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(content))
