"""Collects what a command writes, shows it line by line, and keeps its tail for an error."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Awaitable, Callable
from enum import Enum

from toolchain.plugins.command.masking import Masker
from toolchain.plugins.provider import Context

TAIL_CHARACTERS = 8_000
_LONGEST_LINE = 4_000

Read = Callable[[], Awaitable[bytes]]


class Stream(Enum):
    """Which of the two outputs."""

    STDOUT = "stdout"
    STDERR = "stderr"


class Capture:
    """The two outputs of one command; lines of the streams in `shown` go to the user as they come."""

    def __init__(self, ctx: Context, shown: frozenset[Stream], mask: Masker) -> None:
        self._ctx = ctx
        self._shown = shown
        self._mask = mask
        self._texts: dict[Stream, list[str]] = {stream: [] for stream in Stream}
        self._in_order: list[str] = []

    async def follow(self, stream: Stream, read: Read) -> None:
        """Read to the end; a line is shown when it is whole, without holding up the other stream."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        pending = ""
        while data := await read():
            text = decoder.decode(data)
            self._keep(stream, text)
            *lines, pending = (pending + text).split("\n")
            await self._show(stream, lines)
        rest = decoder.decode(b"", final=True)
        self._keep(stream, rest)
        await self._show(stream, [pending + rest])

    def text(self, stream: Stream) -> str:
        """Return all that was written, less one final newline."""
        return "".join(self._texts[stream]).removesuffix("\n")

    def tail(self) -> str:
        """Return the end of both outputs in the order they came, masked."""
        # Masked before it is cut: a cut through a secret would leave half of it in clear.
        whole = self._mask("".join(self._in_order)).strip("\n")
        return whole if len(whole) <= TAIL_CHARACTERS else f"…{whole[-TAIL_CHARACTERS:]}"

    def _keep(self, stream: Stream, text: str) -> None:
        if text:
            self._texts[stream].append(text)
            self._in_order.append(text)

    async def _show(self, stream: Stream, lines: list[str]) -> None:
        if stream not in self._shown:
            return
        for line in filter(None, (line.rstrip("\r") for line in lines)):
            shown = self._mask(line)[:_LONGEST_LINE]
            await asyncio.to_thread(self._ctx.log, "info", shown, ephemeral=True)


def shown_streams(logging: str | None, derives_from_secret: bool) -> frozenset[Stream]:
    """Return the streams to show for the `logging` input.

    The default is both, but a command that was given a secret may print what it made of it (an encoded password), which
    no mask finds: then the default is none, and whoever wants to see it says so in `logging`.
    """
    default = "none" if derives_from_secret else "stdoutAndStderr"
    return {
        "stdout": frozenset({Stream.STDOUT}),
        "stderr": frozenset({Stream.STDERR}),
        "stdoutAndStderr": frozenset(Stream),
        "none": frozenset[Stream](),
    }[logging or default]
