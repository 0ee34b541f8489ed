"""SSH keys of the account."""

import base64
import binascii
import hashlib

from localcloud.keys.models import KeyRecord
from localcloud.state import State
from localcloud.wire.errors import NotFound, Unprocessable

FIRST_KEY = 513_001
KEY_TYPES = ("ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")


def fingerprint(public_key: str) -> str:
    """Return the MD5 fingerprint by which DigitalOcean knows a key; Unprocessable when it is no public key."""
    parts = public_key.split()
    fault = (
        "Key invalid, key should be of the format `ssh-rsa AAAA...`, `ssh-ed25519 AAAA...` or `ecdsa-sha2-... AAAA...`"
    )
    if len(parts) < 2 or parts[0] not in KEY_TYPES:
        raise Unprocessable(fault)
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except binascii.Error as error:
        raise Unprocessable(fault) from error
    if not blob[4:].startswith(parts[0].encode()):
        raise Unprocessable(fault)
    digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return ":".join(digest[i : i + 2] for i in range(0, 32, 2))


class Keys:
    """All SSH keys."""

    def __init__(self, state: State) -> None:
        self._state = state

    def create(self, name: str, public_key: str) -> KeyRecord:
        """Add a key; Unprocessable when it is invalid or already there."""
        mark = fingerprint(public_key)
        with self._state.db.transaction():
            if self._state.keys.where(fingerprint=mark):
                raise Unprocessable("SSH Key is already in use on your account")
            number = self._state.db.next_number("key", FIRST_KEY)
            return self._state.keys.save(
                KeyRecord(id=number, fingerprint=mark, public_key=public_key.strip(), name=_checked(name))
            )

    def get(self, identifier: str | int) -> KeyRecord:
        """Return the key with this id or fingerprint."""
        found = self._state.keys.find(identifier) or next(
            iter(self._state.keys.where(fingerprint=str(identifier))), None
        )
        if found is None:
            raise NotFound
        return found

    def rename(self, identifier: str, name: str) -> KeyRecord:
        """Change a key's name."""
        with self._state.db.transaction():
            return self._state.keys.save(self.get(identifier).model_copy(update={"name": _checked(name)}))

    def delete(self, identifier: str) -> None:
        """Remove a key; droplets that have it keep it."""
        with self._state.db.transaction():
            self._state.keys.remove(self.get(identifier).id)


def _checked(name: str) -> str:
    if not name.strip():
        raise Unprocessable("Name can't be blank")
    return name
