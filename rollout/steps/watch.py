"""The last look before there is no way back: is the coming release still well once it has been serving for a while?"""

import re

from rollout.context import Context
from rollout.docker import Container
from rollout.errors import ServesErrors, Unhealthy
from rollout.health import explain
from rollout.steps.base import Step
from rollout.steps.serve import side_by_side
from rollout.traefik import ask_traefik

POLL_S = 1.0  # each look starts several processes
# A few errors may be the fault of whoever asks; a release that is broken makes many, and at once.
ERRORS, SHARE = 5, 0.05
_COUNT = re.compile(r"^traefik_service_requests_total\{(?P<labels>[^}]*)\} (?P<count>\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


class Watch(Step):
    """Waits until every container has lived for some seconds, and takes the release back when it does harm.

    The old release runs on meanwhile, so the way back is one rename. Where there is none nothing is gained
    by waiting, and a release that is gone back to has proved itself before.
    """

    name = "watch"

    def do(self, ctx: Context) -> str:
        """Raise Unhealthy when a container stops, ServesErrors when the release answers many requests with 5xx."""
        limits = ctx.manifest().limits
        begun = ctx.host.monotonic()
        first = count_answers(ctx)
        known: dict[str, int] = {}

        def has_proved_itself() -> bool:
            containers = self._living(ctx, known)
            total, errors = (now - before for now, before in zip(count_answers(ctx), first, strict=True))
            if errors >= ERRORS and errors >= SHARE * total:
                raise ServesErrors(
                    f"release {ctx.release} answered {errors} of {total} requests with a server error",
                    where="traefik_service_requests_total of Traefik's metrics, since the switch",
                    todo="look for tracebacks in its log below, mend the release and deploy again",
                    tail=self._log(ctx, containers),
                )
            if ctx.host.monotonic() - begun < limits.watch_s:
                return False
            is_new_beside_old = ctx.bundle is not None and ctx.old is not None
            return not is_new_beside_old or self._age_s(ctx, containers) >= limits.proven_after_s

        # Ends by itself: containers that start again raise, and all others grow older.
        ctx.host.await_true(has_proved_itself, limits.proven_after_s + limits.watch_s + 60, "not proven", POLL_S)
        total, errors = (now - before for now, before in zip(count_answers(ctx), first, strict=True))
        return f"{total} requests, {errors} server errors" if total else "nobody asked meanwhile"

    def _living(self, ctx: Context, known: dict[str, int]) -> list[Container]:
        containers = [c for c in ctx.docker.containers(ctx.project) if not c.is_one_off]
        for container in containers:
            if container.is_lost or container.restarts > known.setdefault(container.id, container.restarts):
                raise explain(ctx, container)
        if missing := sorted(set(ctx.manifest().services["app"]) - {c.service for c in containers}):
            raise Unhealthy(f"service {', '.join(missing)} is gone", where=f"project {ctx.project}")
        return containers

    def _age_s(self, ctx: Context, containers: list[Container]) -> float:
        """Tell how long all have lived that were started before the switch."""
        born = [c.started for c in containers if c.service in side_by_side(ctx, ctx.release)]
        return ctx.host.now().timestamp() - max(born, default=0)

    def _log(self, ctx: Context, containers: list[Container]) -> list[str]:
        return [line for c in containers if c.service == "api" for line in ctx.docker.logs(c)]


def count_answers(ctx: Context) -> tuple[int, int]:
    """Ask Traefik how many requests the coming release has answered, and how many of them with 5xx.

    Zeros when Traefik keeps no metrics. Source: https://doc.traefik.io/traefik/observability/metrics/overview/
    """
    text = ask_traefik(ctx, "/metrics") or ""
    total = errors = 0
    for found in _COUNT.finditer(text):
        labels = dict(_LABEL.findall(found["labels"]))
        if labels.get("service", "").partition("@")[0].endswith(f"-{ctx.release}"):
            total += int(float(found["count"]))
            errors += int(float(found["count"])) if labels.get("code", "").startswith("5") else 0
    return total, errors
