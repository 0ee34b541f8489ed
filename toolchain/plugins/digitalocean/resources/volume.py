"""Volume: block storage."""

from __future__ import annotations

from toolchain.plugins.digitalocean.engine import CloudResource
from toolchain.plugins.digitalocean.fields import Field, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.digitalocean.tags import TAGS_FIELD, change_tags, check_tags
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import Properties

VOLUMES = "/v2/volumes"
HELD_LIMIT_S = 30.0
CREATED_WITH = (
    ("name", "name"),
    ("region", "region"),
    ("size", "size_gigabytes"),
    ("description", "description"),
    ("snapshotId", "snapshot_id"),
    ("initialFilesystemType", "filesystem_type"),
    ("initialFilesystemLabel", "filesystem_label"),
    ("tags", "tags"),
)


class Volume(CloudResource):
    """`digitalocean:index/volume:Volume`."""

    noun = "Volume"
    fields = (
        Field("name", replaces=True),
        Field("region", api="region.slug", required=True, replaces=True),
        Field("size", "whole", "size_gigabytes", required=True),
        Field("description", replaces=True),
        Field("snapshotId", api="-", replaces=True, unread=True),
        Field("initialFilesystemType", api="-", replaces=True, unread=True),
        Field("initialFilesystemLabel", api="-", replaces=True, unread=True),
        TAGS_FIELD,
        Field("filesystemType", output=True),
        Field("filesystemLabel", output=True),
        Field("dropletIds", "wholes", output=True),
        Field("volumeUrn", api="-", output=True),
    )
    refused = {"filesystemType": "is deprecated by DigitalOcean: use initialFilesystemType"}  # noqa: RUF012

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Check the tags, and that the size only grows."""
        failures = check_tags(news.get("tags"))
        old, new = olds.get("size"), news.get("size")
        is_shrunk = isinstance(old, int) and isinstance(new, int) and new < old
        if is_shrunk and not any(kind is kind.replacing() for kind in self.changes_of({}, olds, news).values()):
            failures.append(
                Failure("size", f"volumes size can only be expanded and not shrunk (from {old} to {new} GiB)")
            )
        return failures

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the volume."""
        body = {key: inputs[name] for name, key in CREATED_WITH if inputs.get(name) not in (None, "")}
        made = api.make(
            VOLUMES, body, "volume", lambda found: read_fields(self.fields, found)["region"] == inputs["region"]
        )
        return str(made["id"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the volume."""
        found = api.find(f"{VOLUMES}/{id}", "volume")
        if found is None:
            return None
        live = read_fields(self.fields, found)
        return {**live, "dropletIds": sorted(live["dropletIds"] or []), "volumeUrn": f"do:volume:{id}"}

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Grow the volume and change its tags."""
        if "size" in changed:
            body = {"type": "resize", "size_gigabytes": news["size"], "region": news["region"]}
            api.finish_action(api.repeat_post(f"{VOLUMES}/{id}/actions", body, "action"))
        if "tags" in changed:
            change_tags(api, id, "volume", live.get("tags"), news.get("tags"))

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the volume; a droplet that is just being destroyed still holds it for a moment."""
        api.retry_while(lambda failure: failure.status == 409, lambda: api.delete(f"{VOLUMES}/{id}"), HELD_LIMIT_S)
