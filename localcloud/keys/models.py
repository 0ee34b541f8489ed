"""SSH keys: request bodies and record."""

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body


class KeyRecord(StoredRecord):
    """A public key; also the shape that the API answers."""

    id: int
    fingerprint: str
    public_key: str
    name: str

    @property
    def key(self) -> str:
        """The key's id."""
        return str(self.id)


class CreateKey(Body):
    """Body of POST /v2/account/keys."""

    name: str
    public_key: str


class RenameKey(Body):
    """Body of PUT /v2/account/keys/ID."""

    name: str
