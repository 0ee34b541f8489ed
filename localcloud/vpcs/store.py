"""Private networks: one default for each region, and those that the account makes."""

import re
from ipaddress import IPv4Network
from uuid import uuid4

from localcloud.catalogue.store import Catalogue
from localcloud.clock import timestamp
from localcloud.droplets.models import DropletRecord
from localcloud.errors import RuntimeFailure
from localcloud.jobs import Jobs
from localcloud.runtime import Runtime
from localcloud.settings import Settings
from localcloud.state import State
from localcloud.vpcs.models import NAME_PATTERN, CreateVpc, UpdateVpc, VpcRecord
from localcloud.wire.errors import Forbidden, Unprocessable

LARGEST, SMALLEST = 16, 28
TAKEN = "This range/size overlaps with another VPC network in your account: "


class Vpcs:
    """All private networks."""

    def __init__(self, settings: Settings, state: State, jobs: Jobs, runtime: Runtime, catalogue: Catalogue) -> None:
        self._state = state
        self._jobs = jobs
        self._runtime = runtime
        self._catalogue = catalogue
        # Ranges that the cloud picks differ from one instance on this machine to the next.
        self._instance = (int(settings.subnet.network_address) >> 12) % 32

    def create(self, body: CreateVpc) -> VpcRecord:
        """Make a VPC, here and on the machine."""
        region = self._catalogue.region(body.region, "VPC").slug
        with self._state.db.transaction():
            self._check_name(body.name, None)
            vpc = VpcRecord(
                id=str(uuid4()),
                name=body.name,
                description=body.description,
                region=region,
                ip_range=self._checked_range(body.ip_range) if body.ip_range else self._free_range(128),
                created_at=timestamp(),
            )
            self._state.vpcs.save(vpc)
        return self._make(vpc)

    def default(self, region: str) -> VpcRecord:
        """Return the region's default VPC, made when it is first needed."""
        with self._state.db.transaction():
            for vpc in self._state.vpcs.where(region=region):
                if vpc.default:
                    return vpc
            vpc = VpcRecord(
                id=str(uuid4()),
                name=f"default-{region}",
                region=region,
                ip_range=self._free_range(96),
                default=True,
                created_at=timestamp(),
            )
            self._state.vpcs.save(vpc)
        return self._make(vpc)

    def update(self, vpc_id: str, body: UpdateVpc) -> VpcRecord:
        """Change name and description, or make it the default of its region."""
        with self._state.db.transaction():
            vpc = self._state.vpcs.get(vpc_id)
            if body.name is not None:
                self._check_name(body.name, vpc_id)
            if body.default and not vpc.default:
                for other in self._state.vpcs.where(region=vpc.region):
                    self._state.vpcs.save(other.model_copy(update={"default": False}))
            changed = body.model_dump(exclude_none=True) | {"default": bool(body.default) or vpc.default}
            return self._state.vpcs.save(vpc.model_copy(update=changed))

    def delete(self, vpc_id: str) -> None:
        """Remove a VPC without members that is no default."""
        with self._state.db.transaction():
            vpc = self._state.vpcs.get(vpc_id)
            if vpc.default:
                raise Forbidden("Can not delete the default VPC of a region")
            if self.members(vpc_id):
                raise Forbidden("Can not delete VPC with members")
            self._state.vpcs.remove(vpc_id)
        try:
            self._jobs.run(frozenset({f"vpc:{vpc_id}"}), lambda: self._runtime.delete_vpc(vpc_id))
        except RuntimeFailure:
            self._state.vpcs.save(vpc)
            raise

    def members(self, vpc_id: str) -> list[DropletRecord]:
        """Return the droplets in the VPC."""
        return self._state.droplets.where(vpc_uuid=vpc_id)

    def restore(self) -> None:
        """Make sure after a start that every VPC is there."""
        for vpc in self._state.vpcs.all():
            self._runtime.create_vpc(vpc.id, vpc.ip_range)

    def _make(self, vpc: VpcRecord) -> VpcRecord:
        try:
            self._jobs.run(frozenset({f"vpc:{vpc.id}"}), lambda: self._runtime.create_vpc(vpc.id, vpc.ip_range))
        except RuntimeFailure:
            self._state.vpcs.remove(vpc.id)
            raise
        return vpc

    def _check_name(self, name: str, own_id: str | None) -> None:
        if not re.fullmatch(NAME_PATTERN, name):
            raise Unprocessable("name must contain only alphanumeric characters, dashes and periods")
        if any(vpc.id != own_id for vpc in self._state.vpcs.where(name=name)):
            raise Unprocessable("name is already in use by another VPC network in your account")

    def _checked_range(self, text: str) -> str:
        try:
            network = IPv4Network(text)
        except ValueError as error:
            raise Unprocessable(f"ip_range is invalid: {error}") from error
        if not network.is_private or not LARGEST <= network.prefixlen <= SMALLEST:
            raise Unprocessable(f"ip_range must be a private range between /{LARGEST} and /{SMALLEST}")
        for vpc in self._state.vpcs.all():
            if network.overlaps(IPv4Network(vpc.ip_range)):
                raise Unprocessable(TAKEN + vpc.ip_range)
        return text

    def _free_range(self, base: int) -> str:
        taken = [IPv4Network(vpc.ip_range) for vpc in self._state.vpcs.all()]
        for network in IPv4Network(f"10.{base + self._instance}.0.0/16").subnets(new_prefix=20):
            if not any(network.overlaps(other) for other in taken):
                return str(network)
        raise Unprocessable("no range is left for another VPC: name one with ip_range")
