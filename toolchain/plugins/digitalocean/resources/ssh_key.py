"""SshKey: a public key of the account."""

from __future__ import annotations

from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field, read_fields, stripped
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.values import Properties

KEYS = "/v2/account/keys"


class SshKey(CloudResource):
    """`digitalocean:index/sshKey:SshKey`."""

    noun = "SSH Key"
    fields = (
        Field("name"),
        Field("publicKey", required=True, replaces=True, normal=stripped),
        Field("fingerprint", output=True),
    )

    def make(self, api: Session, inputs: Properties) -> str:
        """Register the key."""
        body = {"name": inputs["name"], "public_key": inputs["publicKey"]}
        return str(api.make(KEYS, body, "ssh_key")["id"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the key."""
        found = api.find(f"{KEYS}/{id}", "ssh_key")
        return None if found is None else read_fields(self.fields, found)

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Rename the key."""
        api.put(f"{KEYS}/{id}", {"name": news["name"]})

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the key."""
        api.delete(f"{KEYS}/{id}")
