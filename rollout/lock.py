"""One rollout at a time: a lock that names its owner and can't outlive it."""

import fcntl
import json
import os
import signal
from types import TracebackType
from typing import Self

from rollout.errors import Locked, NotWellInTime, OwnerWontEnd
from rollout.host import Host, describe_operator
from rollout.layout import Layout


class Lock:
    """Held through flock, so the kernel gives it back when its process ends, however it ends."""

    def __init__(self, host: Host, layout: Layout, wait_s: float = 0) -> None:
        self.host, self.path, self.wait_s = host, layout.lock, wait_s
        self._descriptor = -1

    def __enter__(self) -> Self:
        self.host.folder(self.path.parent, mode=0o711)
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self.host.await_true(self._try, self.wait_s, "the lock was not given back")
        except NotWellInTime as late:
            os.close(self._descriptor)
            raise self._held() from late
        self._write(json.dumps(describe_operator() | {"since": self.host.now().isoformat(timespec="seconds")}))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write("")
        os.close(self._descriptor)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _write(self, text: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def _held(self) -> Locked:
        named = describe_owner(read_owner(self.path.read_text()))
        waited = f" (waited {self.wait_s:g} s)" if self.wait_s else ""
        return Locked(
            f"the droplet is locked by another deploy: {named}{waited}",
            where=str(self.path),
            todo="wait for it to end (--lock-wait SECONDS does), or end it: `rollout unlock` takes its work back",
        )


def read_owner(text: str) -> dict[str, str | int] | None:
    """Read the lock's owner from the lock file's text."""
    try:
        owner = json.loads(text)
    except json.JSONDecodeError:
        return None
    return owner if isinstance(owner, dict) and {"who", "host", "pid", "since"} <= owner.keys() else None


def describe_owner(owner: dict[str, str | int] | None) -> str:
    """Name a lock's owner for people."""
    if owner is None:
        return "someone unnamed"
    return f"{owner['who']} on {owner['host']}, process {owner['pid']}, since {owner['since']}"


def break_lock(host: Host, layout: Layout, wait_s: float, *, force: bool = False) -> dict[str, str | int] | None:
    """Ask the lock's owner to end, which takes its work back, and wait until it has; returns who that was.

    With `force` an owner that is still there after the wait is killed; the next rollout settles what it left.
    Raises OwnerWontEnd.
    """
    owner = current_owner(layout)
    if owner is None:
        return None
    pid = int(owner["pid"])
    if not host.signal(pid, signal.SIGTERM):
        return None  # it ended by itself meanwhile
    try:
        host.await_true(lambda: current_owner(layout) is None, wait_s, "the lock was not given back")
    except NotWellInTime as late:
        if not force:
            raise OwnerWontEnd(
                f"{describe_owner(owner)} has not ended within {wait_s:g} s",
                where=str(layout.lock),
                todo="wait longer (--wait SECONDS), or kill it (--force): the next rollout settles what it leaves",
            ) from late
        host.signal(pid, signal.SIGKILL)
        host.await_true(lambda: current_owner(layout) is None, wait_s, "the lock was not given back")
    return owner


def current_owner(layout: Layout) -> dict[str, str | int] | None:
    """Return who holds the lock now, without taking it."""
    if not layout.lock.exists():
        return None
    with layout.lock.open() as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return read_owner(stream.read())
    return None
