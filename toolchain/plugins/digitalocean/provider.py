"""The provider: its resources and functions by token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from toolchain.plugins.digitalocean.client import Client
from toolchain.plugins.digitalocean.configuration import check_configuration, read_configuration
from toolchain.plugins.digitalocean.engine import Cloud, CloudResource, doing
from toolchain.plugins.digitalocean.invokes import INVOKES, Look
from toolchain.plugins.digitalocean.resources.dns_record import DnsRecord
from toolchain.plugins.digitalocean.resources.domain import Domain
from toolchain.plugins.digitalocean.resources.droplet import Droplet
from toolchain.plugins.digitalocean.resources.firewall import Firewall
from toolchain.plugins.digitalocean.resources.project import Project
from toolchain.plugins.digitalocean.resources.project_resources import ProjectResources
from toolchain.plugins.digitalocean.resources.reserved_ip import ReservedIp
from toolchain.plugins.digitalocean.resources.reserved_ip_assignment import ReservedIpAssignment
from toolchain.plugins.digitalocean.resources.ssh_key import SshKey
from toolchain.plugins.digitalocean.resources.tag import Tag
from toolchain.plugins.digitalocean.resources.volume import Volume
from toolchain.plugins.digitalocean.resources.volume_attachment import VolumeAttachment
from toolchain.plugins.digitalocean.resources.vpc import Vpc
from toolchain.plugins.errors import ProviderError
from toolchain.plugins.provider import CheckResult, Context, Invoke, Provider, Resource
from toolchain.plugins.values import Properties, Secret

RESOURCES: Final[tuple[type[CloudResource], ...]] = (
    DnsRecord,
    Domain,
    Droplet,
    Firewall,
    Project,
    ProjectResources,
    ReservedIp,
    ReservedIpAssignment,
    SshKey,
    Tag,
    Volume,
    VolumeAttachment,
    Vpc,
)


class DigitalOcean(Provider):
    """The provider `digitalocean`."""

    name = "digitalocean"

    def __init__(self) -> None:
        self._cloud = Cloud()
        self._resources = {_token(kind): kind(self._cloud) for kind in RESOURCES}
        self._invokes = {token: _bind(look, token, self._cloud) for token, look in INVOKES.items()}

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by type token."""
        return self._resources

    @property
    def invokes(self) -> Mapping[str, Invoke]:
        """Functions by token."""
        return self._invokes

    def check_config(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Refuse configuration that is not covered; a token given in the program is a secret whatever it says."""
        inputs = {**news, "token": Secret(news["token"])} if isinstance(news.get("token"), str) else news
        return CheckResult(inputs, check_configuration(news))

    def configure(self, args: Properties) -> None:
        """Open the API; a missing token shows in the first call, so that a preview works without one."""
        try:
            self._cloud.client = Client(read_configuration(args))
        except ValueError as failure:
            raise ProviderError(f"digitalocean: {failure}; correct apiEndpoint or DIGITALOCEAN_API_URL") from failure


def _token(kind: type[CloudResource]) -> str:
    name = kind.__name__
    return f"digitalocean:index/{name[0].lower()}{name[1:]}:{name}"


def _bind(look: Look, token: str, cloud: Cloud) -> Invoke:
    def invoke(ctx: Context, args: Properties) -> Properties:
        with doing(f"calling {token.rsplit(':', 1)[-1]}"):
            return look(cloud.session(ctx), args)

    return invoke
