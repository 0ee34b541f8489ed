"""Tag: a name that resources can carry."""

from __future__ import annotations

from urllib.parse import quote

from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.digitalocean.tags import TAGS, check_tags
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import Properties


class Tag(CloudResource):
    """`digitalocean:index/tag:Tag`."""

    noun = "Tag"
    fields = (
        Field("name", replaces=True),
        Field("totalResourceCount", "whole", "resources.count", output=True),
        Field("dropletsCount", "whole", "resources.droplets.count", output=True),
        Field("imagesCount", "whole", "resources.images.count", output=True),
        Field("volumesCount", "whole", "resources.volumes.count", output=True),
        Field("volumeSnapshotsCount", "whole", "resources.volume_snapshots.count", output=True),
        Field("databasesCount", "whole", "resources.databases.count", output=True),
    )

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Check the name."""
        return [Failure("name", failure.reason) for failure in check_tags([news["name"]])]

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the tag; one that is there already is taken over."""
        return str(api.repeat_post(TAGS, {"name": inputs["name"]}, "tag")["name"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the tag."""
        found = api.find(f"{TAGS}/{quote(id, safe='')}", "tag")
        if found is None:
            return None
        live = read_fields(self.fields, found)
        return live | {field.name: live[field.name] or 0 for field in self.fields if field.output}

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the tag."""
        api.delete(f"{TAGS}/{quote(id, safe='')}")
