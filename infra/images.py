"""The images: built or fetched on the operator's machine, then brought to the droplet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pulumi
import pulumi_command as command
from pulumi import Output, ResourceOptions

from infra.content import folder_digest
from infra.settings import Settings

PYTHON = ".venv/bin/python"


@dataclass(frozen=True)
class OwnImage:
    """An image that this project builds."""

    name: str
    context: str
    target: str | None
    variable: str


@dataclass(frozen=True)
class BaseImage:
    """An official image that runs as it is."""

    name: str
    reference: str
    variable: str


OWN_IMAGES = (
    OwnImage("api", "apps/api", None, "API_IMAGE"),
    OwnImage("django", "apps/django_admin", "django", "DJANGO_IMAGE"),
    OwnImage("static", "apps/django_admin", "static", "STATIC_IMAGE"),
    OwnImage("frontend", "apps/frontend", None, "FRONTEND_IMAGE"),
)
BASE_IMAGES = (
    BaseImage("traefik", "traefik:v3.6.12", "TRAEFIK_IMAGE"),
    BaseImage("postgres", "postgres:17", "POSTGRES_IMAGE"),
    BaseImage("redis", "redis:8", "REDIS_IMAGE"),
)
# Of operators' tools, by guarded host; fetched only where the host is enabled.
TOOL_IMAGES = {
    "flower": BaseImage("flower", "mher/flower:2.0.1", "FLOWER_IMAGE"),
    "pgadmin": BaseImage("pgadmin", "dpage/pgadmin4:9", "PGADMIN_IMAGE"),
    "mail": BaseImage("mail", "axllent/mailpit:v1.27.11", "MAIL_IMAGE"),
}


@dataclass(frozen=True)
class ImagesArgs:
    """Where the sources are, which tools run beside, and which machine the images go to, through what."""

    project_dir: Path
    settings: Settings
    address: pulumi.Input[str]
    private_key: pulumi.Input[str]
    host_key: str
    droplet_id: pulumi.Input[str]
    ready: Sequence[pulumi.Resource]


class Images(pulumi.ComponentResource):
    """One build per image, side by side with the droplet's boot, and one shipment of what the droplet lacks.

    `shipped` is `{name: {ref, id, pull, variable}}` as the release wants it.
    """

    def __init__(self, name: str, args: ImagesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("slipway:images:Images", name, None, opts)
        built = [self._build(image, args.project_dir) for image in OWN_IMAGES]
        fetched = [self._fetch(image) for image in (*BASE_IMAGES, *(TOOL_IMAGES[tool] for tool in args.settings.tools))]
        manifest = Output.all(*(each.stdout for each in [*built, *fetched])).apply(_merge)
        order: Output[str] = Output.secret(
            Output.json_dumps(
                {
                    "address": args.address,
                    "private_key": args.private_key,
                    "host_key": args.host_key,
                    "images": manifest,
                    **_registry_of(args.settings),
                }
            )
        )
        shipment = command.local.Command(
            "ship-images",
            create=f"{PYTHON} -m infra.shipping ship",
            dir="..",
            stdin=order,
            triggers=[args.droplet_id],
            logging=command.local.Logging.STDERR,
            add_previous_output_in_env=False,
            opts=ResourceOptions(parent=self, depends_on=[*args.ready]),
        )
        self.shipped: Output[dict[str, dict[str, str]]] = Output.unsecret(shipment.stdout).apply(json.loads)
        self.register_outputs({})

    def _build(self, image: OwnImage, project_dir: Path) -> command.local.Command:
        return command.local.Command(
            f"build-{image.name}",
            create=f"{PYTHON} -m infra.shipping build",
            dir="..",
            stdin=json.dumps(asdict(image) | {"content": folder_digest(project_dir / image.context)}),
            logging=command.local.Logging.STDERR,
            add_previous_output_in_env=False,
            opts=ResourceOptions(parent=self),
        )

    def _fetch(self, image: BaseImage) -> command.local.Command:
        return command.local.Command(
            f"fetch-{image.name}",
            create=f"{PYTHON} -m infra.shipping fetch",
            dir="..",
            stdin=json.dumps(asdict(image)),
            logging=command.local.Logging.STDERR,
            add_previous_output_in_env=False,
            opts=ResourceOptions(parent=self),
        )


def _registry_of(settings: Settings) -> dict[str, dict[str, str]]:
    if settings.registry is None:
        return {}
    password = settings.registry_password
    return {
        "registry": {
            "address": settings.registry,
            "user": settings.registry_user or "",
            "password": "" if password is None else password.get_secret_value(),
        }
    }


def _merge(outputs: list[str]) -> list[dict[str, str]]:
    return sorted((json.loads(text) for text in outputs), key=lambda image: str(image["name"]))
