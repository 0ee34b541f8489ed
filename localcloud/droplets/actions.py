"""What is done to droplets in the background, and what clients may ask for."""

from localcloud.actions.models import ActionRecord, Parameter
from localcloud.actions.store import Actions, Performer, Work, nothing
from localcloud.catalogue.store import Catalogue
from localcloud.droplets.models import DropletAction, DropletRecord, DropletStatus
from localcloud.firewalls.store import Firewalls
from localcloud.runtime import DropletSpec, Runtime
from localcloud.state import State
from localcloud.wire.errors import Unprocessable

NOT_OFFERED = {
    "enable_ipv6": "The local cloud has no IPv6.",
    "enable_backups": "The local cloud takes no backups.",
    "change_backup_policy": "The local cloud takes no backups.",
    "snapshot": "The local cloud takes no snapshots.",
    "restore": "The local cloud has no images to restore from.",
    "rebuild": "The local cloud can't rebuild a Droplet: destroy it and create another.",
    "password_reset": "The local cloud sets no passwords: use an SSH key.",
    "change_kernel": "The Droplet's image manages its own kernel.",
}
TAGGABLE = ("power_cycle", "power_on", "power_off", "shutdown", "disable_backups")


class DropletActions:
    """The work behind droplets."""

    def __init__(
        self, state: State, actions: Actions, runtime: Runtime, catalogue: Catalogue, firewalls: Firewalls
    ) -> None:
        self._state = state
        self._actions = actions
        self._runtime = runtime
        self._catalogue = catalogue
        self._firewalls = firewalls
        self._register("create", 25, self._create, self._set("active"), self._set("off"))
        self._register("destroy", 5, self._destroy, self._forget, self._keep)
        self._register("power_on", 8, self._power_on, self._set("active"))
        self._register("power_off", 4, lambda a: runtime.power_off(int(a.subject)), self._set("off"))
        self._register("shutdown", 8, lambda a: runtime.shutdown(int(a.subject)), self._set("off"))
        self._register("reboot", 8, lambda a: runtime.reboot(int(a.subject)), self._set("active"))
        self._register("power_cycle", 8, self._power_cycle, self._set("active"))
        self._register("resize", 40, self._resize, self._resized)
        self._register("rename", 2, nothing, self._rename)
        self._register("disable_backups", 2, nothing)

    def request(self, droplet_id: int, body: DropletAction) -> ActionRecord:
        """Accept an action, or refuse it in words a client can act on."""
        if body.type in NOT_OFFERED:
            raise Unprocessable(NOT_OFFERED[body.type])
        with self._state.db.transaction():
            droplet = self._state.droplets.get(droplet_id)
            parameters = self._parameters(droplet, body)
            self._actions.require_idle(droplet_id)
            return self._actions.start(
                body.type,
                "droplet",
                droplet.key,
                droplet.region,
                resource_id=droplet.id,
                droplet_ids=(droplet.id,),
                parameters=parameters,
            )

    def _register(
        self,
        action_type: str,
        seconds: float,
        work: Work,
        finish: Work = nothing,
        fail: Work = nothing,
    ) -> None:
        self._actions.register("droplet", action_type, Performer(seconds, work, finish, fail))

    def _parameters(self, droplet: DropletRecord, body: DropletAction) -> dict[str, Parameter]:
        match body.type:
            case "power_off" | "shutdown" if droplet.status == "off":
                raise Unprocessable("Droplet is already powered off.")
            case "power_off" | "shutdown" | "power_on" | "power_cycle" | "reboot" | "disable_backups":
                return {}
            case "rename":
                if not body.name:
                    raise Unprocessable("Name can't be blank")
                return {"name": body.name}
            case "resize":
                return self._resize_parameters(droplet, body)
            case _:
                raise Unprocessable(f"{body.type} is not a valid action type")

    def _resize_parameters(self, droplet: DropletRecord, body: DropletAction) -> dict[str, Parameter]:
        size = self._catalogue.size(body.size)
        if droplet.status != "off":
            raise Unprocessable("Droplet must be powered off before it is resized.")
        if size.disk < droplet.disk_gb:
            raise Unprocessable("This size is not available because it has a smaller disk.")
        return {"size": size.slug, "disk_gb": size.disk if body.disk else droplet.disk_gb}

    def _droplet(self, action: ActionRecord) -> DropletRecord:
        return self._state.droplets.get(action.subject)

    def _set(self, status: DropletStatus) -> Work:
        def change(action: ActionRecord) -> None:
            self._state.droplets.save(self._droplet(action).model_copy(update={"status": status}))

        return change

    def _create(self, action: ActionRecord) -> None:
        droplet = self._droplet(action)
        vpc = self._state.vpcs.get(droplet.vpc_uuid)
        self._runtime.create_vpc(vpc.id, vpc.ip_range)
        self._runtime.create_droplet(self._spec(droplet))
        with self._state.db.transaction():
            self._state.droplets.save(self._droplet(action).model_copy(update={"is_made": True}))
        self._firewalls.apply(droplet.id)
        # Other droplets may admit this one by its tag.
        self._firewalls.refresh()
        for volume in self._state.volumes.all():
            if droplet.id in volume.droplet_ids:
                self._runtime.attach_volume(volume.id, volume.name, droplet.id)

    def _spec(self, droplet: DropletRecord) -> DropletSpec:
        size = self._catalogue.sizes[droplet.size]
        return DropletSpec(
            id=droplet.id,
            name=droplet.name,
            hostname=droplet.hostname,
            memory_mb=size.memory,
            vcpus=size.vcpus,
            disk_gb=droplet.disk_gb,
            image_slug=droplet.image,
            public_ip=droplet.public_ip,
            private_ip=droplet.private_ip,
            vpc_id=droplet.vpc_uuid,
            ssh_keys=tuple(droplet.ssh_keys),
            user_data=droplet.user_data,
        )

    def _destroy(self, action: ActionRecord) -> None:
        droplet = self._droplet(action)
        for reserved in self._state.reserved_ips.where(droplet_id=droplet.id):
            self._runtime.unassign_reserved_ip(reserved.ip, droplet.id)
        for volume in self._state.volumes.all():
            if droplet.id in volume.droplet_ids:
                self._runtime.detach_volume(volume.id, volume.name, droplet.id)
        self._runtime.destroy_droplet(droplet.id)

    def _forget(self, action: ActionRecord) -> None:
        droplet = self._droplet(action)
        for reserved in self._state.reserved_ips.where(droplet_id=droplet.id):
            self._state.reserved_ips.save(reserved.model_copy(update={"droplet_id": None}))
        for volume in self._state.volumes.all():
            if droplet.id in volume.droplet_ids:
                self._state.volumes.save(volume.model_copy(update={"droplet_ids": []}))
        self._firewalls.forget_droplet(droplet.id)
        self._state.assignments.remove(droplet.urn)
        self._state.droplets.remove(droplet.id)
        self._state.db.after_commit(self._firewalls.refresh)

    def _keep(self, action: ActionRecord) -> None:
        self._state.droplets.save(self._droplet(action).model_copy(update={"is_going": False}))

    def _power_on(self, action: ActionRecord) -> None:
        self._runtime.power_on(int(action.subject))
        self._firewalls.apply(int(action.subject))

    def _power_cycle(self, action: ActionRecord) -> None:
        self._runtime.power_off(int(action.subject))
        self._power_on(action)

    def _resize(self, action: ActionRecord) -> None:
        size = self._catalogue.size(str(action.parameters["size"]))
        disk_gb = int(str(action.parameters["disk_gb"]))
        self._runtime.resize(int(action.subject), size.memory, size.vcpus, disk_gb)

    def _resized(self, action: ActionRecord) -> None:
        changed = {"size": action.parameters["size"], "disk_gb": action.parameters["disk_gb"]}
        self._state.droplets.save(self._droplet(action).model_copy(update=changed))

    def _rename(self, action: ActionRecord) -> None:
        self._state.droplets.save(self._droplet(action).model_copy(update={"name": action.parameters["name"]}))
