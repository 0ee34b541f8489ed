"""Let the old release finish what it has begun, stop it, and make room."""

from pathlib import Path

from rollout.context import Context
from rollout.registry import collect
from rollout.steps.base import Step
from rollout.steps.switch import SETTLE_S

KEPT_FAILED = 3
KEPT_ENGINES = 3


class Drain(Step):
    """Requests that Traefik sent to the old release just before the switch reach it before it is asked to end."""

    name = "drain"

    def do(self, ctx: Context) -> str:
        """Wait a moment."""
        if ctx.old is None:
            return "nothing to drain"
        wait_s = max(SETTLE_S, ctx.manifest().limits.drain_ms / 1000)
        ctx.host.pause(wait_s)
        return f"{wait_s * 1000:.0f} ms"


class Stop(Step):
    """Ends every release but the serving one."""

    name = "stop"

    def do(self, ctx: Context) -> str:
        """Ask by SIGTERM (or the image's own signal), wait out the grace period, remove the containers."""
        projects = sorted(ctx.docker.app_projects() - {ctx.project})
        removed = sum(ctx.docker.remove_project(project) for project in projects)
        return f"{removed} containers removed"


class Prune(Step):
    """Keeps the newest releases, and always the serving one and the one before."""

    name = "prune"

    def do(self, ctx: Context) -> str:
        """Remove older release folders, and the images that no kept release uses."""
        ids = ctx.releases.ids()
        kept = {*ids[: ctx.manifest().keep_releases], ctx.release, ctx.releases.before()}
        gone = [name for name in ids if name not in kept]
        in_use = {image.id for name in ids if name in kept for image in ctx.manifest(name).images}
        images = {image.id: image for name in gone for image in ctx.manifest(name).images if image.id not in in_use}
        here = ctx.docker.image_ids(name for image in images.values() for name in (image.ref, image.pull))
        for image in images.values():
            names = [name for name in (image.ref, image.pull) if here.get(name) == image.id]
            if names:
                ctx.docker("rmi", *names, check=False)  # an image that something else runs from stays
        for name in gone:
            ctx.host.remove(ctx.layout.release(name))
        engines = sorted(ctx.layout.engines.glob("rollout-*.pyz"), key=_age, reverse=True)
        leftovers = [*ctx.releases.leftovers()[KEPT_FAILED:], *ctx.layout.loose_logs()[KEPT_FAILED:]]
        for path in [*leftovers, *engines[KEPT_ENGINES:]]:
            if path != ctx.layout.engine.resolve():
                ctx.host.remove(path)
        refs = {image.ref for name in ids if name in kept for image in ctx.manifest(name).images}
        collected = collect(ctx.host, ctx.layout, refs)
        return _told(len(kept - {None}), len(gone), len(images), collected)


def _told(kept: int, gone: int, images: int, collected: int) -> str:
    removed = f"{gone} releases, {images} images removed" if gone else f"{kept} releases kept"
    return f"{removed}, {collected} of the registry's images collected" if collected else removed


def _age(path: Path) -> float:
    return path.stat().st_mtime
