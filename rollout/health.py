"""Wait until services are well, and say why one is not."""

from collections.abc import Iterable

from rollout.context import Context
from rollout.docker import Container
from rollout.errors import NotWellInTime, Unhealthy

TAIL_LINES = 30
POLL_S = 0.4  # each look starts two processes, on a machine that is busy starting services


def await_well(ctx: Context, project: str, services: Iterable[str], limit_s: float) -> str:
    """Return once each service has a container that is well; raises Unhealthy with the reason and the log's tail."""
    wanted = sorted(services)
    restarts: dict[str, int] = {}

    def all_well() -> bool:
        containers = [c for c in ctx.docker.containers(project) if c.service in wanted and not c.is_one_off]
        for container in containers:
            if container.is_lost or container.restarts > restarts.setdefault(container.id, container.restarts):
                raise explain(ctx, container)
        return {c.service for c in containers if c.is_well} >= set(wanted)

    try:
        ctx.host.await_true(all_well, limit_s, "not healthy", POLL_S)
    except NotWellInTime as late:
        raise explain_late(ctx, project, wanted, limit_s) from late
    return f"{len(wanted)} healthy"


def explain(ctx: Context, container: Container) -> Unhealthy:
    """Make the message about one service that is lost."""
    reason = {
        "exited": f"stopped with code {container.exit_code}",
        "dead": "is dead",
        "restarting": f"keeps stopping with code {container.exit_code} (restarted {container.restarts}x)",
    }.get(
        container.state,
        "fails its health check" if container.health == "unhealthy" else f"restarted {container.restarts}x",
    )
    if trouble := ctx.docker.memory_trouble(container):
        reason += f", {trouble}"
    if container.health == "unhealthy" and container.last_check:
        reason += f"; the check said: {container.last_check}"
    return Unhealthy(
        f"service {container.service} {reason}",
        where=f"container {container.name}",
        todo="read the end of its log below, mend the release and deploy again",
        tail=ctx.docker.logs(container, TAIL_LINES),
    )


def explain_late(ctx: Context, project: str, wanted: list[str], limit_s: float) -> Unhealthy:
    """Make the message about services that were not well in time."""
    containers = {c.service: c for c in ctx.docker.containers(project) if not c.is_one_off}
    late = [name for name in wanted if name not in containers or not containers[name].is_well]
    first = containers.get(late[0]) if late else None
    states = ", ".join(
        f"{n} ({containers[n].state}, {containers[n].health})" if n in containers else f"{n} (absent)" for n in late
    )
    return Unhealthy(
        f"not healthy within {limit_s:g} s: {states or 'services that came and went'}",
        where=f"project {project}",
        todo="read the end of the log below; limits.healthy_timeout_s gives more time",
        tail=ctx.docker.logs(first, TAIL_LINES) if first else (),
    )


def find_trouble(ctx: Context, project: str) -> Unhealthy | None:
    """Return the message about the first service of a project that is lost, if one is."""
    lost = [c for c in ctx.docker.containers(project) if c.is_lost and not c.is_one_off]
    return explain(ctx, lost[0]) if lost else None


def down_services(containers: Iterable[Container], project: str, services: Iterable[str]) -> list[str]:
    """Return the services of a project that have no container that is well or still coming up."""
    own = (c for c in containers if c.project == project and not c.is_one_off)
    return sorted(set(services) - {c.service for c in own if c.state == "running" and not c.is_lost})
