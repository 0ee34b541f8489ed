"""Start the coming release beside the serving one, and see it well before anybody is sent to it."""

from rollout.context import Context
from rollout.errors import CommandFailed
from rollout.health import await_well, find_trouble
from rollout.standing import ensure
from rollout.steps.base import Step

SINGLE = frozenset({"beat"})  # two of them would run every scheduled task twice


def side_by_side(ctx: Context, release: str) -> list[str]:
    """Return the services of a release that may run beside another release's."""
    return [name for name in ctx.manifest(release).services["app"] if name not in SINGLE]


def up(ctx: Context, release: str, services: list[str]) -> None:
    """Start services of a release; a service that stops at once is named with its reason."""
    project = ctx.layout.app(release)
    words = ("up", "--detach", "--no-build", "--pull", "never", "--no-deps", *services)
    try:
        ctx.docker.compose(project, ctx.layout.release(release), "app.yml", *words)
    except CommandFailed as fault:
        raise find_trouble(ctx, project) or fault from fault


class Start(Step):
    """The coming release's containers; nobody is routed to them yet."""

    name = "start"

    def do(self, ctx: Context) -> str:
        """Start all but what may exist only once."""
        services = side_by_side(ctx, ctx.release)
        if ctx.old is None:
            # Nothing else serves: what hangs is only being mended.
            sick = [c.id for c in ctx.docker.containers(ctx.project) if c.health == "unhealthy"]
            if sick:
                ctx.docker("restart", *sick, timeout_s=180)
        up(ctx, ctx.release, services)
        return f"{len(services)} services"

    def undo(self, ctx: Context) -> None:
        """Remove them."""
        ctx.docker.remove_project(ctx.project)


class Healthy(Step):
    """Waits for every health check."""

    name = "healthy"

    def do(self, ctx: Context) -> str:
        """Raise Unhealthy at the first service that is lost."""
        return await_well(ctx, ctx.project, side_by_side(ctx, ctx.release), ctx.manifest().limits.healthy_timeout_s)


class Edge(Step):
    """Traefik and the operators' tools; untouched unless what they read at their start has changed."""

    name = "edge"

    def do(self, ctx: Context) -> str:
        """Bring them to what the release says."""
        ops = ensure(ctx, "ops", ctx.release)
        edge = ensure(ctx, "edge", ctx.release)
        return edge if ops in {"none", "untouched"} else f"{edge}, ops {ops}"

    def undo(self, ctx: Context) -> None:
        """Go back to the serving release's; on a first deployment remove them."""
        for name in ("edge", "ops"):
            if ctx.old:
                ensure(ctx, name, ctx.old)
            elif ctx.serving is None:
                ctx.docker.remove_project(ctx.layout.project(name))


class Handover(Step):
    """What may exist only once goes from the old release to the new one."""

    name = "handover"

    def do(self, ctx: Context) -> str:
        """Stop the old, start the new, see it well."""
        wanted = sorted(SINGLE & set(ctx.manifest().services["app"]))
        if ctx.old:
            ctx.docker.stop([c for c in ctx.docker.containers(ctx.layout.app(ctx.old)) if c.service in SINGLE])
        if not wanted:
            return "nothing to hand over"
        up(ctx, ctx.release, wanted)
        await_well(ctx, ctx.project, wanted, ctx.manifest().limits.healthy_timeout_s)
        return ", ".join(wanted)

    def undo(self, ctx: Context) -> None:
        """Stop the new, start the old again."""
        ctx.docker.stop([c for c in ctx.docker.containers(ctx.project) if c.service in SINGLE])
        if ctx.old and (stopped := sorted(SINGLE & set(ctx.manifest(ctx.old).services["app"]))):
            up(ctx, ctx.old, stopped)
