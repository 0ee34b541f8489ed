"""Declares one stack: settings → network → host → dns → images → release."""

import pulumi
import pulumi_digitalocean as do
from pulumi import ResourceOptions

from infra.bundle import BundleArgs
from infra.content import revision
from infra.dns import Dns, DnsArgs
from infra.facts import Facts, FactsArgs
from infra.host import Host, HostArgs
from infra.images import Images, ImagesArgs
from infra.keys import host_key
from infra.network import Network, NetworkArgs
from infra.release import Release, ReleaseArgs
from infra.secrets import derive, service_secrets
from infra.stack import read_stack

stack = read_stack()
settings = stack.settings
root_secret = settings.root_secret.get_secret_value()
identity = host_key(derive(root_secret, "ssh/host-key"))
do.get_account()  # a token that is refused ends the run here, before anything is declared

network = Network(stack.prefix, NetworkArgs(region=settings.region, operator_networks=settings.operator_networks))
host = Host(
    stack.prefix,
    HostArgs(
        region=settings.region,
        size=settings.size,
        image=settings.image,
        volume_size_gb=settings.volume_size_gb,
        protect_data=settings.protect_data,
        vpc_id=network.vpc.id,
        tag=network.tag.name,
        operator_key=stack.operator_key,
        host_key=identity,
    ),
    ResourceOptions(depends_on=[network.firewall]),
)
dns = Dns(
    stack.prefix,
    DnsArgs(
        domain=settings.domain,
        address=host.address,
        labels=settings.guarded_hosts,
        manage_domain=settings.manage_domain,
    ),
)
do.Project(
    stack.prefix,
    name=stack.prefix,
    purpose="Web Application",
    environment=stack.environment,
    resources=[host.droplet.droplet_urn, host.volume.volume_urn, host.reserved_ip.reserved_ip_urn, *dns.urns],
)
source = revision(stack.project_dir)
images = Images(
    stack.prefix,
    ImagesArgs(
        project_dir=stack.project_dir,
        settings=settings,
        address=host.address,
        private_key=stack.operator_key.private,
        host_key=identity.public,
        droplet_id=host.droplet.id,
        ready=[host.ready],
    ),
)
release = Release(
    stack.prefix,
    ReleaseArgs(
        bundle=BundleArgs(
            settings=settings,
            project_dir=stack.project_dir,
            revision=source,
            secrets=service_secrets(root_secret, stack.given_secrets, settings.tools),
            volume_name=host.volume_name,
        ),
        images=images.shipped,
        connection=host.connection,
        droplet_id=host.droplet.id,
        ready=host.ready,
    ),
    ResourceOptions(depends_on=dns.records),
)
facts = Facts(
    stack.prefix,
    FactsArgs(
        stack=stack.name,
        settings=settings,
        operator_key=stack.operator_key,
        host_key=identity,
        address=host.address,
        release=release.id,
        api_url=stack.api_url,
    ),
)
pulumi.export("site", settings.site)
pulumi.export("address", host.address)
# Known before anything runs, so a preview shows which revision comes after which.
pulumi.export("revision", source)
pulumi.export("release", release.id)
pulumi.export("facts", facts.facts)
