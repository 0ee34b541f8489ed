"""Tags, and droplets and volumes that carry them."""

from collections.abc import Iterable

from localcloud.droplets.models import DropletRecord
from localcloud.firewalls.store import Firewalls
from localcloud.state import State
from localcloud.tags.models import TaggedResource, TagRecord, checked_tag_name
from localcloud.volumes.models import VolumeRecord
from localcloud.wire.errors import NotFound, Unprocessable


class Tags:
    """All tags."""

    def __init__(self, state: State, firewalls: Firewalls) -> None:
        self._state = state
        self._firewalls = firewalls

    def ensure(self, names: Iterable[str]) -> list[str]:
        """Make the tags that are missing and return all names as they are written on first use."""
        with self._state.db.transaction():
            tags = {}
            for name in names:
                tag = TagRecord(name=checked_tag_name(name))
                tags[tag.key] = self._state.tags.find(tag.key) or self._state.tags.save(tag)
            return [tag.name for tag in tags.values()]

    def get(self, name: str) -> TagRecord:
        """Return the tag, found without case."""
        return self._state.tags.get(name.lower())

    def assign(self, name: str, resources: list[TaggedResource]) -> None:
        """Mark the resources with the tag."""
        with self._state.db.transaction():
            tag = self.get(name).name
            for resource in resources:
                found = self._resource(resource)
                self._save(found, [*found.tags, tag] if tag not in found.tags else found.tags)
        self._firewalls.refresh()

    def unassign(self, name: str, resources: list[TaggedResource]) -> None:
        """Take the tag from the resources."""
        with self._state.db.transaction():
            tag = self.get(name).name
            for resource in resources:
                found = self._resource(resource)
                self._save(found, [other for other in found.tags if other != tag])
        self._firewalls.refresh()

    def delete(self, name: str) -> None:
        """Remove the tag from everything that carries it, firewalls too."""
        with self._state.db.transaction():
            tag = self.get(name)
            carriers: list[DropletRecord | VolumeRecord] = [*self.droplets(tag.name), *self.volumes(tag.name)]
            for carrier in carriers:
                self._save(carrier, [other for other in carrier.tags if other != tag.name])
            self._firewalls.forget_tag(tag.name)
            self._state.tags.remove(tag.key)
        self._firewalls.refresh()

    def droplets(self, name: str) -> list[DropletRecord]:
        """Return the droplets with the tag, found without case."""
        return [droplet for droplet in self._state.droplets.all() if _carries(droplet.tags, name)]

    def volumes(self, name: str) -> list[VolumeRecord]:
        """Return the volumes with the tag, found without case."""
        return [volume for volume in self._state.volumes.all() if _carries(volume.tags, name)]

    def _resource(self, resource: TaggedResource) -> DropletRecord | VolumeRecord:
        found: DropletRecord | VolumeRecord | None
        match resource.resource_type:
            case "droplet":
                found = self._state.droplets.find(resource.resource_id)
            case "volume":
                found = self._state.volumes.find(resource.resource_id)
            case other:
                raise Unprocessable(f"resources of type {other!r} can't be tagged here, only droplet and volume")
        if found is None:
            raise NotFound
        return found

    def _save(self, carrier: DropletRecord | VolumeRecord, tags: list[str]) -> None:
        if isinstance(carrier, DropletRecord):
            self._state.droplets.save(carrier.model_copy(update={"tags": tags}))
        else:
            self._state.volumes.save(carrier.model_copy(update={"tags": tags}))


def _carries(tags: list[str], name: str) -> bool:
    return name.lower() in (tag.lower() for tag in tags)
