"""Project: a folder for resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolchain.plugins.digitalocean.client import Json
from toolchain.plugins.digitalocean.engine import ANY, CloudResource
from toolchain.plugins.digitalocean.errors import ApiError
from toolchain.plugins.digitalocean.fields import Field, lower, read_fields
from toolchain.plugins.digitalocean.projects import PROJECTS, put_back, put_into, urns_of
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import UNKNOWN, Properties

ENVIRONMENTS = ("Development", "Staging", "Production")
DELETE_LIMIT_S = 180.0


def _purpose(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of the purpose: the API marks those it does not know."""
    return value.removeprefix("Other: ") if isinstance(value, str) else value


class Project(CloudResource):
    """`digitalocean:index/project:Project`."""

    noun = "Project"
    fields = (
        Field("name"),
        Field("description", default=""),
        Field("purpose", default="Web Application", normal=_purpose),
        Field("environment", computed=True, normal=lower),
        Field("isDefault", "flag", default=False),
        Field("resources", "texts", api="-", computed=True),
        Field("createdAt", output=True),
        Field("updatedAt", output=True, follows=(ANY,)),
        Field("ownerId", "whole", output=True),
        Field("ownerUuid", output=True),
    )

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Check the environment."""
        given = news.get("environment")
        if given in (None, UNKNOWN) or given.lower() in [name.lower() for name in ENVIRONMENTS]:
            return []
        return [Failure("environment", f"{given!r} is none of {', '.join(ENVIRONMENTS)}")]

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the project."""
        body = {key: value for key, value in _body(inputs).items() if key != "is_default"}
        return str(api.make(PROJECTS, body, "project", lambda found: True)["id"])

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Move the resources in and make it the default."""
        put_into(api, id, set(inputs.get("resources") or []) - set(urns_of(api, id)))
        if inputs.get("isDefault"):
            api.patch(f"{PROJECTS}/{id}", _body(inputs))

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the project and what is in it."""
        found = api.find(f"{PROJECTS}/{id}", "project")
        if found is None:
            return None
        live = read_fields(self.fields, found)
        texts = {name: live[name] or "" for name in ("description", "purpose")}
        return {**live, **texts, "isDefault": bool(live["isDefault"]), "resources": urns_of(api, id)}

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Change the project and move resources in and out."""
        if changed - {"resources"}:
            api.patch(
                f"{PROJECTS}/{id}", _body({**news, "environment": news.get("environment") or live.get("environment")})
            )
        if "resources" in changed:
            had, wanted = set(live["resources"]), set(news.get("resources") or [])
            put_back(api, id, had - wanted)
            put_into(api, id, wanted - had)

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Move what is in it to the default project and delete it."""
        if api.find(f"{PROJECTS}/{id}", "project") is None:
            return
        put_back(api, id, urns_of(api, id))

        def is_filled(failure: ApiError) -> bool:
            return failure.status == 412 and "with resources" in failure.message

        api.retry_while(is_filled, lambda: api.delete(f"{PROJECTS}/{id}"), DELETE_LIMIT_S)


def _body(inputs: Properties) -> Json:
    body: Json = {
        "name": inputs["name"],
        "description": inputs.get("description") or "",
        "purpose": inputs["purpose"],
        "is_default": bool(inputs.get("isDefault")),
    }
    return {**body, "environment": inputs["environment"].capitalize()} if inputs.get("environment") else body
