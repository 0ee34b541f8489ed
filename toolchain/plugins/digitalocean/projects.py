"""Which resources belong to a project, and moving them."""

from __future__ import annotations

from collections.abc import Iterable

from toolchain.plugins.digitalocean.session import Session

PROJECTS = "/v2/projects"


def urns_of(api: Session, project_id: str) -> list[str]:
    """Return the URNs of all resources in the project."""
    return sorted(str(found["urn"]) for found in api.list(f"{PROJECTS}/{project_id}/resources", "resources"))


def put_into(api: Session, project_id: str, urns: Iterable[str]) -> None:
    """Move resources into the project."""
    moved = sorted(urns)
    if moved:
        api.repeat_post(f"{PROJECTS}/{project_id}/resources", {"resources": moved})


def put_back(api: Session, project_id: str, urns: Iterable[str]) -> None:
    """Move those of the resources that are in the project to the default project; deleted ones are in none."""
    moved = set(urns) & set(urns_of(api, project_id))
    if moved:
        default = api.get(f"{PROJECTS}/default", "project")
        put_into(api, str(default["id"]), moved)
