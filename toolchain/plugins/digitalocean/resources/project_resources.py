"""ProjectResources: some resources of a project that is managed elsewhere."""

from __future__ import annotations

from toolchain.plugins.digitalocean.engine import CloudResource, doing
from toolchain.plugins.digitalocean.fields import Field
from toolchain.plugins.digitalocean.projects import PROJECTS, put_back, put_into, urns_of
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.provider import Context
from toolchain.plugins.values import Properties


class ProjectResources(CloudResource):
    """`digitalocean:index/projectResources:ProjectResources`; imported by the project's id."""

    noun = "Project Resources"
    auto_name = False
    fields = (
        Field("project", required=True, replaces=True),
        Field("resources", "texts", required=True),
    )

    def make(self, api: Session, inputs: Properties) -> str:
        """Name the project: its id is this one's too."""
        return str(inputs["project"])

    def finish(self, api: Session, id: str, inputs: Properties) -> None:  # noqa: A002
        """Move the resources in."""
        put_into(api, id, inputs["resources"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read which of its resources are in the project; an import takes all."""
        if api.find(f"{PROJECTS}/{id}", "project") is None:
            return None
        live = urns_of(api, id)
        ours = known.get("resources")
        return {"project": id, "resources": live if ours is None else [urn for urn in live if urn in ours]}

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Move resources in."""
        put_into(api, id, set(news["resources"]) - set(live["resources"]))

    def update(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:  # noqa: A002
        """Move what is no longer named to the default project, then the new ones in."""
        with doing(f"updating {self.noun}"):
            put_back(self._cloud.session(ctx), id, set(old_inputs.get("resources") or []) - set(news["resources"]))
        return super().update(ctx, id, olds, old_inputs, news)

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Move the resources to the default project."""
        if api.find(f"{PROJECTS}/{id}", "project") is not None:
            put_back(api, id, outputs.get("resources") or [])
