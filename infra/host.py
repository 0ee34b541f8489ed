"""The droplet, its data volume and its address."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_command as command
import pulumi_digitalocean as do
from pulumi import Output, ResourceOptions

from infra.cloud_init import user_data
from infra.keys import HostKey, OperatorKey

# Longer than the plugin's own minute: a droplet that shuts down slowly must not fail the whole run.
DELETE_DROPLET = pulumi.CustomTimeouts(delete="5m")
DIAL_ERROR_LIMIT = 60
# Exit code 2 tells of a mended fault or a mere warning; whether Docker answers is what counts.
AWAIT_FIRST_BOOT = (
    "cloud-init status --wait > /dev/null || test $? -eq 2 || { cloud-init status --long; exit 1; }; "
    "docker version --format 'docker {{.Server.Version}}'"
)


@dataclass(frozen=True)
class HostArgs:
    """What machine to make and how operators reach it."""

    region: str
    size: str
    image: str
    volume_size_gb: int
    protect_data: bool
    vpc_id: pulumi.Input[str]
    tag: pulumi.Input[str]
    operator_key: OperatorKey
    host_key: HostKey


class Host(pulumi.ComponentResource):
    """One droplet with Docker on it, data on a volume of its own, behind an address that outlives it."""

    def __init__(self, name: str, args: HostArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("slipway:host:Host", name, None, opts)
        self.volume_name = f"{name}-data"
        self.volume = self._volume(args)
        self.reserved_ip = do.ReservedIp(name, region=args.region, opts=ResourceOptions(parent=self))
        self.address: Output[str] = self.reserved_ip.ip_address
        self.droplet = self._droplet(name, args)
        droplet_id = self.droplet.id.apply(int)
        attached = do.VolumeAttachment(
            name,
            droplet_id=droplet_id,
            volume_id=self.volume.id,
            opts=ResourceOptions(parent=self, delete_before_replace=True),
        )
        assigned = do.ReservedIpAssignment(
            name, ip_address=self.address, droplet_id=droplet_id, opts=ResourceOptions(parent=self)
        )
        self.connection = command.remote.ConnectionArgs(
            host=self.address,
            user="root",
            private_key=Output.secret(args.operator_key.private),
            host_key=args.host_key.public,
            dial_error_limit=DIAL_ERROR_LIMIT,
        )
        self.ready = command.remote.Command(
            f"{name}-ready",
            connection=self.connection,
            create=AWAIT_FIRST_BOOT,
            triggers=[self.droplet.id],
            opts=ResourceOptions(parent=self, depends_on=[attached, assigned]),
        )
        self.register_outputs({"address": self.address, "droplet": self.droplet.id})

    def _volume(self, args: HostArgs) -> do.Volume:
        return do.Volume(
            self.volume_name,
            name=self.volume_name,
            region=args.region,
            size=args.volume_size_gb,
            initial_filesystem_type="ext4",
            opts=ResourceOptions(parent=self, protect=args.protect_data),
        )

    def _droplet(self, name: str, args: HostArgs) -> do.Droplet:
        key = do.SshKey(name, name=name, public_key=args.operator_key.public, opts=ResourceOptions(parent=self))
        return do.Droplet(
            name,
            name=name,
            region=args.region,
            size=args.size,
            image=args.image,
            vpc_uuid=args.vpc_id,
            tags=[args.tag],
            ssh_keys=[key.id],
            user_data=Output.secret(user_data(args.host_key)),
            # A changed boot script is for the next machine; it must not replace this one. Another operators' key does
            # all the same: its resource is deleted before it is made again, and takes along what depends on it.
            opts=ResourceOptions(parent=self, ignore_changes=["user_data", "ssh_keys"], custom_timeouts=DELETE_DROPLET),
        )
