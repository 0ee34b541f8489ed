"""Reserved IPs: reserving, assigning and giving back."""

from ipaddress import IPv4Address

from localcloud.account import limits
from localcloud.actions.models import ActionRecord
from localcloud.actions.store import Actions, Performer, Work, nothing
from localcloud.catalogue.store import Catalogue
from localcloud.droplets.models import DropletRecord
from localcloud.droplets.store import Droplets
from localcloud.projects.store import Projects
from localcloud.reserved_ips.models import CreateReservedIp, ReservedIpAction, ReservedIpRecord
from localcloud.runtime import Runtime
from localcloud.state import State
from localcloud.wire.errors import NotFound, Unprocessable


class ReservedIps:
    """All reserved addresses."""

    def __init__(
        self,
        state: State,
        runtime: Runtime,
        actions: Actions,
        catalogue: Catalogue,
        droplets: Droplets,
        projects: Projects,
    ) -> None:
        self._state = state
        self._runtime = runtime
        self._actions = actions
        self._catalogue = catalogue
        self._droplets = droplets
        self._projects = projects
        self._register("assign_ip", 4, self._assign, self._assigned)
        self._register("unassign_ip", 4, self._unassign, self._unassigned)
        self._register("release_ip", 2, self._unassign, self._released)

    def all(self) -> list[ReservedIpRecord]:
        """Return the addresses that the API knows."""
        return [reserved for reserved in self._state.reserved_ips.all() if not reserved.is_going]

    def get(self, ip: str) -> ReservedIpRecord:
        """Return one address; NotFound when it is not ours."""
        reserved = self._state.reserved_ips.get(ip)
        if reserved.is_going:
            raise NotFound
        return reserved

    def create(self, body: CreateReservedIp) -> tuple[ReservedIpRecord, ActionRecord | None]:
        """Reserve an address; for a droplet also start to assign it."""
        with self._state.db.transaction():
            droplet = self._droplet(body.droplet_id) if body.droplet_id else None
            region = droplet.region if droplet else self._catalogue.region(body.region, "reserved IP").slug
            if len(self.all()) >= limits.RESERVED_IPS:
                raise Unprocessable("creating this reserved IP will exceed your reserved IP limit")
            reserved = ReservedIpRecord(ip=self._droplets.free_public_ip(), region=region)
            self._state.reserved_ips.save(reserved)
            if body.project_id:
                self._projects.assign(body.project_id, [reserved.urn])
            return reserved, self._request_assign(reserved, droplet) if droplet else None

    def delete(self, ip: str) -> None:
        """Give an address back; it is taken from its droplet in the background."""
        with self._state.db.transaction():
            reserved = self.get(ip)
            self._state.assignments.remove(reserved.urn)
            if reserved.droplet_id is None:
                self._state.reserved_ips.remove(ip)
                return
            self._state.reserved_ips.save(reserved.model_copy(update={"is_going": True}))
            self._start("release_ip", reserved, (reserved.droplet_id,))

    def request(self, ip: str, body: ReservedIpAction) -> ActionRecord:
        """Accept an assignment or its end, or refuse it."""
        with self._state.db.transaction():
            reserved = self.get(ip)
            if self.is_locked(reserved):
                raise Unprocessable("Reserved IP already has a pending event.")
            if body.type == "assign":
                return self._request_assign(reserved, self._droplet(body.droplet_id))
            if reserved.droplet_id is None:
                raise Unprocessable("Reserved IP is not assigned to a Droplet.")
            self._actions.require_idle(reserved.droplet_id)
            return self._start("unassign_ip", reserved, (reserved.droplet_id,))

    def is_locked(self, reserved: ReservedIpRecord) -> bool:
        """Tell whether something is going on with the address."""
        pending = self._state.actions.where(status="in-progress", resource_type="reserved_ip", subject=reserved.ip)
        return bool(pending)

    def _request_assign(self, reserved: ReservedIpRecord, droplet: DropletRecord) -> ActionRecord:
        if droplet.region != reserved.region:
            raise Unprocessable("Droplet and reserved IP must be in the same region.")
        others = self._state.reserved_ips.where(droplet_id=droplet.id)
        if any(other.ip != reserved.ip for other in others):
            raise Unprocessable("Droplet already has a reserved IP.")
        self._actions.require_idle(droplet.id)
        involved = {droplet.id} | ({reserved.droplet_id} if reserved.droplet_id else set())
        return self._start("assign_ip", reserved, tuple(sorted(involved)), droplet.id)

    def _start(
        self, action_type: str, reserved: ReservedIpRecord, involved: tuple[int, ...], target: int | None = None
    ) -> ActionRecord:
        return self._actions.start(
            action_type,
            "reserved_ip",
            reserved.ip,
            reserved.region,
            resource_id=int(IPv4Address(reserved.ip)),
            droplet_ids=involved,
            parameters={"target": target},
        )

    def _register(self, action_type: str, seconds: float, work: Work, finish: Work) -> None:
        self._actions.register("reserved_ip", action_type, Performer(seconds, work, finish, nothing))

    def _droplet(self, droplet_id: int) -> DropletRecord:
        droplet = self._state.droplets.find(droplet_id)
        if droplet is None or droplet.is_going:
            raise Unprocessable(f"Droplet {droplet_id} does not exist.")
        return droplet

    def _assign(self, action: ActionRecord) -> None:
        target = int(str(action.parameters["target"]))
        reserved = self._state.reserved_ips.get(action.subject)
        if reserved.droplet_id not in (None, target):
            self._runtime.unassign_reserved_ip(reserved.ip, reserved.droplet_id)
        self._runtime.assign_reserved_ip(reserved.ip, target)

    def _assigned(self, action: ActionRecord) -> None:
        reserved = self._state.reserved_ips.get(action.subject)
        self._state.reserved_ips.save(reserved.model_copy(update={"droplet_id": action.parameters["target"]}))

    def _unassign(self, action: ActionRecord) -> None:
        reserved = self._state.reserved_ips.find(action.subject)
        if reserved and reserved.droplet_id:
            self._runtime.unassign_reserved_ip(reserved.ip, reserved.droplet_id)

    def _unassigned(self, action: ActionRecord) -> None:
        reserved = self._state.reserved_ips.get(action.subject)
        self._state.reserved_ips.save(reserved.model_copy(update={"droplet_id": None}))

    def _released(self, action: ActionRecord) -> None:
        self._state.reserved_ips.remove(action.subject)
