"""VolumeAttachment: a volume at a droplet."""

from __future__ import annotations

from toolchain.plugins.digitalocean.attaching import attach, detach, is_attached
from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.errors import ProviderError
from toolchain.plugins.values import Properties


class VolumeAttachment(CloudResource):
    """`digitalocean:index/volumeAttachment:VolumeAttachment`; imported by `DROPLET_ID,VOLUME_ID`."""

    noun = "Volume Attachment"
    auto_name = False
    fields = (
        Field("dropletId", "whole", required=True, replaces=True),
        Field("volumeId", required=True, replaces=True),
    )

    def identify(self, id: str) -> tuple[str, Properties]:  # noqa: A002
        """Take droplet and volume apart."""
        droplet, comma, volume = id.partition(",")
        if not comma or not droplet.isdigit():
            raise ProviderError(f"{id!r} cannot be imported: give DROPLET_ID,VOLUME_ID")
        return f"{droplet}-{volume}", {"dropletId": int(droplet), "volumeId": volume}

    def make(self, api: Session, inputs: Properties) -> str:
        """Name the pair: the state has to know it before the volume starts to move."""
        return f"{inputs['dropletId']}-{inputs['volumeId']}"

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Attach; what is attached already is taken as it is."""
        attach(api, inputs["volumeId"], inputs["dropletId"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Look whether the volume is at the droplet."""
        if not is_attached(api, known["volumeId"], known["dropletId"]):
            return None
        return {"dropletId": known["dropletId"], "volumeId": known["volumeId"]}

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Detach."""
        detach(api, outputs["volumeId"], outputs["dropletId"])
