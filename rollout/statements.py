"""What a release reads of the database: its API's statements, and its Django's models; kept in its folder."""

import json
from typing import Any

from rollout.context import Context
from rollout.docker import ONE_OFF_LABEL, PROJECT_LABEL

STATEMENTS, MODELS = "statements.json", "models.json"
IN_IMAGE = "/app/statements.json"
_LIST = ("--entrypoint", "python")
_MODULE = ("-m", "api.statements", "--json")


def statements_of(ctx: Context, release: str) -> list[dict[str, Any]]:
    """Return the statements of a release's API; asked of its image the first time."""
    kept = ctx.layout.release(release) / STATEMENTS
    if not kept.exists():
        images = [image.id for image in ctx.manifest(release).images if image.variable == "API_IMAGE"]
        if not images:
            return []
        ctx.host.write(kept, _copied(ctx, images[0]) or _listed(ctx, images[0]))
    statements: list[dict[str, Any]] = json.loads(kept.read_text())["statements"]
    return statements


def models_of(ctx: Context, release: str) -> list[dict[str, Any]] | None:
    """Return what a release's models need of tables, as its own Django recorded it; None when it never did."""
    kept = ctx.layout.release(release) / MODELS
    models: list[dict[str, Any]] | None = json.loads(kept.read_text()) if kept.exists() else None
    return models


def keep_models(ctx: Context, release: str, models: list[dict[str, Any]]) -> None:
    """Remember what a release's models need."""
    ctx.host.write(ctx.layout.release(release) / MODELS, json.dumps(models))


def _copied(ctx: Context, image: str) -> str:
    """Take the list out of the image, which takes a third of the time of a start; an empty text if it has none."""
    labels = (f"{PROJECT_LABEL}={ctx.project}", f"{ONE_OFF_LABEL}=True")  # the way back of any step removes it
    made = ctx.docker("create", *(word for label in labels for word in ("--label", label)), image).out.strip()
    spare = ctx.folder / f"{STATEMENTS}.next"
    copied = ctx.docker("cp", f"{made}:{IN_IMAGE}", str(spare), check=False)
    ctx.docker("rm", made)
    if copied.code:
        return ""
    text = spare.read_text()
    ctx.host.remove(spare)
    return text


def _listed(ctx: Context, image: str) -> str:
    return ctx.docker("run", "--rm", "--network", "none", *_LIST, image, *_MODULE).out
