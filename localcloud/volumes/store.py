"""Volumes: making, attaching, growing and removing them."""

import re
from uuid import uuid4

from localcloud.account import limits
from localcloud.actions.models import ActionRecord
from localcloud.actions.store import Actions, Performer, nothing
from localcloud.catalogue.store import Catalogue
from localcloud.clock import timestamp
from localcloud.errors import RuntimeFailure
from localcloud.jobs import Jobs
from localcloud.runtime import Runtime, VolumeSpec
from localcloud.state import State
from localcloud.tags.store import Tags
from localcloud.volumes.models import LABEL_LENGTH, LARGEST_GB, NAME_PATTERN, CreateVolume, VolumeAction, VolumeRecord
from localcloud.wire.errors import Conflict, NotFound, Unprocessable

TYPES = {"attach": "attach_volume", "detach": "detach_volume", "resize": "resize"}


class Volumes:
    """All volumes."""

    def __init__(
        self, state: State, jobs: Jobs, runtime: Runtime, actions: Actions, catalogue: Catalogue, tags: Tags
    ) -> None:
        self._state = state
        self._jobs = jobs
        self._runtime = runtime
        self._actions = actions
        self._catalogue = catalogue
        self._tags = tags
        actions.register("volume", "attach_volume", Performer(5, self._attach, nothing, self._unmark))
        actions.register("volume", "detach_volume", Performer(4, self._detach, self._unmark, nothing))
        actions.register("volume", "resize", Performer(5, self._resize, self._resized, nothing))

    def create(self, body: CreateVolume) -> VolumeRecord:
        """Make a volume; it is there when this returns."""
        region = self._catalogue.region(body.region, "volume").slug
        _check(body)
        with self._state.db.transaction():
            if self._named(body.name, region):
                raise Conflict("a volume with this name already exists in the region")
            if len(self._state.volumes.all()) >= limits.VOLUMES:
                raise Unprocessable("creating this volume will exceed your volume limit")
            volume = VolumeRecord(
                id=str(uuid4()),
                name=body.name,
                description=body.description,
                region=region,
                size_gb=body.size_gigabytes,
                filesystem_type=body.filesystem_type,
                filesystem_label=body.filesystem_label,
                tags=self._tags.ensure(body.tags),
                created_at=timestamp(),
            )
            self._state.volumes.save(volume)
        spec = VolumeSpec(volume.id, volume.name, volume.size_gb, volume.filesystem_type, volume.filesystem_label)
        try:
            self._jobs.run(_own(volume), lambda: self._runtime.create_volume(spec))
        except RuntimeFailure:
            self._state.volumes.remove(volume.id)
            raise
        return volume

    def delete(self, volume_id: str) -> None:
        """Remove a volume that is attached to nothing."""
        with self._state.db.transaction():
            volume = self._state.volumes.get(volume_id)
            if volume.droplet_ids:
                raise Conflict("volume is attached to a Droplet: detach it before deleting it")
            self._state.volumes.remove(volume_id)
        try:
            self._jobs.run(_own(volume), lambda: self._runtime.delete_volume(volume_id))
        except RuntimeFailure:
            self._state.volumes.save(volume)
            raise
        self._state.assignments.remove(volume.urn)

    def delete_named(self, name: str, region: str) -> None:
        """Remove the volume with this name in this region."""
        self.delete(self.get_named(name, region).id)

    def get_named(self, name: str, region: str) -> VolumeRecord:
        """Return the volume with this name in this region."""
        found = self._named(name, region)
        if not found:
            raise NotFound
        return found[0]

    def listed(self, name: str, region: str) -> list[VolumeRecord]:
        """Return the volumes with this name and in this region, each if given."""
        volumes = self._state.volumes.all()
        return [v for v in volumes if (not name or v.name == name) and (not region or v.region == region)]

    def request(self, volume_id: str, body: VolumeAction) -> ActionRecord:
        """Accept an action, or refuse it."""
        with self._state.db.transaction():
            volume = self._state.volumes.get(volume_id)
            if body.region and body.region != volume.region:
                raise Unprocessable(f"volume {volume.name} is in region {volume.region}, not {body.region}")
            match body.type:
                case "attach":
                    return self._request_attach(volume, body.droplet_id)
                case "detach":
                    return self._request_detach(volume, body.droplet_id)
                case "resize":
                    return self._request_resize(volume, body.size_gigabytes)

    def _request_attach(self, volume: VolumeRecord, droplet_id: int) -> ActionRecord:
        droplet = self._state.droplets.find(droplet_id)
        if droplet is None:
            raise NotFound
        if volume.droplet_ids:
            raise Unprocessable("Volume is already attached to a Droplet.")
        if droplet.region != volume.region:
            raise Unprocessable("Droplet and volume must be in the same region.")
        attached = [other for other in self._state.volumes.all() if droplet_id in other.droplet_ids]
        if len(attached) >= limits.VOLUMES_PER_DROPLET:
            raise Unprocessable(f"At most {limits.VOLUMES_PER_DROPLET} volumes can be attached to a Droplet.")
        self._actions.require_idle(droplet_id)
        self._state.volumes.save(volume.model_copy(update={"droplet_ids": [droplet_id]}))
        return self._start("attach", volume, (droplet_id,), {"droplet_id": droplet_id})

    def _request_detach(self, volume: VolumeRecord, droplet_id: int) -> ActionRecord:
        if droplet_id not in volume.droplet_ids:
            raise Unprocessable("Attachment not found")
        self._actions.require_idle(droplet_id)
        return self._start("detach", volume, (droplet_id,), {"droplet_id": droplet_id})

    def _request_resize(self, volume: VolumeRecord, size_gb: int) -> ActionRecord:
        if size_gb < volume.size_gb:
            raise Unprocessable("volumes can only be expanded, not shrunk")
        if size_gb > LARGEST_GB:
            raise Unprocessable(f"size_gigabytes must be at most {LARGEST_GB}")
        for droplet_id in volume.droplet_ids:
            self._actions.require_idle(droplet_id)
        return self._start("resize", volume, tuple(volume.droplet_ids), {"size_gb": size_gb})

    def _start(
        self, wanted: str, volume: VolumeRecord, droplet_ids: tuple[int, ...], parameters: dict[str, int]
    ) -> ActionRecord:
        return self._actions.start(
            TYPES[wanted], "volume", volume.id, volume.region, droplet_ids=droplet_ids, parameters={**parameters}
        )

    def _attach(self, action: ActionRecord) -> None:
        volume = self._state.volumes.get(action.subject)
        self._runtime.attach_volume(volume.id, volume.name, _droplet_id(action))

    def _detach(self, action: ActionRecord) -> None:
        volume = self._state.volumes.get(action.subject)
        self._runtime.detach_volume(volume.id, volume.name, _droplet_id(action))

    def _unmark(self, action: ActionRecord) -> None:
        self._state.volumes.save(self._state.volumes.get(action.subject).model_copy(update={"droplet_ids": []}))

    def _resize(self, action: ActionRecord) -> None:
        self._runtime.resize_volume(action.subject, int(str(action.parameters["size_gb"])))

    def _resized(self, action: ActionRecord) -> None:
        volume = self._state.volumes.get(action.subject)
        self._state.volumes.save(volume.model_copy(update={"size_gb": action.parameters["size_gb"]}))

    def _named(self, name: str, region: str) -> list[VolumeRecord]:
        return self._state.volumes.where(name=name, region=region)


def _own(volume: VolumeRecord) -> frozenset[str]:
    return frozenset({f"volume:{volume.id}"})


def _droplet_id(action: ActionRecord) -> int:
    return int(str(action.parameters["droplet_id"]))


def _check(body: CreateVolume) -> None:
    if not re.fullmatch(NAME_PATTERN, body.name):
        raise Unprocessable("name must be lowercase letters, digits and '-', begin with a letter, at most 64 long")
    if not 1 <= body.size_gigabytes <= LARGEST_GB:
        raise Unprocessable(f"size_gigabytes must lie between 1 and {LARGEST_GB}")
    if body.filesystem_type not in ("", *LABEL_LENGTH):
        raise Unprocessable("filesystem_type must be ext4 or xfs")
    if len(body.filesystem_label) > LABEL_LENGTH.get(body.filesystem_type, 16):
        raise Unprocessable(f"filesystem_label is too long for {body.filesystem_type or 'any file system'}")
    if body.snapshot_id:
        raise Unprocessable(f"snapshot {body.snapshot_id} does not exist: the local cloud takes no snapshots")
