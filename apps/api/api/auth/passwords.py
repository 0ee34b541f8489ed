"""Argon2id in Django's format, so that one password works in both; off the event loop, one hash at a time."""

import asyncio
import base64
import hashlib
import secrets
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import Parameters, PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret

from api.auth.errors import HashingBusy
from api.metrics.numbers import PASSWORD_HASHES, PASSWORD_QUEUE

Answer = TypeVar("Answer")
PREFIX = "argon2"
UNUSABLE = "!"
TIME_COST, MEMORY_COST_KIB, PARALLELISM, HASH_BYTES = 2, 102_400, 8, 32  # Django 5.2's
SALT_CHARACTERS, SALT_LENGTH = string.ascii_letters + string.digits, 22
# One hash takes 100 MiB, and the container has 208.
THREADS = 1
QUEUE_MAX = 20


def unpadded(value: bytes) -> str:
    """Return base64 as the PHC format has it."""
    return base64.b64encode(value).decode().rstrip("=")


# Of the same cost as any other and of no password: what is checked for an account that there is not.
NOBODY = (
    f"$argon2id$v=19$m={MEMORY_COST_KIB},t={TIME_COST},p={PARALLELISM}"
    f"${unpadded(b'nobody has this salt..')}${unpadded(hashlib.sha256(b'nobody').digest())}"
)


class Passwords:
    """Hashes and checks the passwords of one process."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._hasher = PasswordHasher.from_parameters(
            Parameters(Type.ID, 19, SALT_LENGTH, HASH_BYTES, TIME_COST, MEMORY_COST_KIB, PARALLELISM)
        )
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return what Django would keep of a password; raise `HashingBusy` if too many wait."""
        return await self._off_the_loop(lambda: hash_for_django(password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the one kept.

        It costs one hash whatever is kept, nothing too: time must not tell who has an account.
        Raises `HashingBusy` if too many wait.
        """
        is_usable = is_password(kept)
        phc = kept.removeprefix(PREFIX) if kept is not None and is_usable else NOBODY
        return await self._off_the_loop(lambda: self._matches(phc, password)) and is_usable

    async def close(self) -> None:
        """Wait for the hash in hand."""
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    def _matches(self, phc: str, password: str) -> bool:
        try:
            return self._hasher.verify(phc, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_the_loop(self, call: Callable[[], Answer]) -> Answer:
        if self._waiting >= QUEUE_MAX:
            raise HashingBusy
        self._waiting += 1
        PASSWORD_QUEUE.set(self._waiting)
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._thread, call)
            PASSWORD_HASHES.inc()
            return answer
        finally:
            self._waiting -= 1
            PASSWORD_QUEUE.set(self._waiting)


def hash_for_django(password: str) -> str:
    """Hash with a new salt, of letters as Django's is, so that Django finds nothing to renew."""
    salt = "".join(secrets.choice(SALT_CHARACTERS) for _ in range(SALT_LENGTH))
    phc = hash_secret(password.encode(), salt.encode(), TIME_COST, MEMORY_COST_KIB, PARALLELISM, HASH_BYTES, Type.ID)
    return PREFIX + phc.decode()


def is_password(kept: str | None) -> bool:
    """Tell whether what is kept is a password and no mark that there is none."""
    return kept is not None and kept.startswith(f"{PREFIX}$argon2id$")


def unusable_password() -> str:
    """Return what Django keeps for an account without a password."""
    return UNUSABLE + "".join(secrets.choice(SALT_CHARACTERS) for _ in range(40))
