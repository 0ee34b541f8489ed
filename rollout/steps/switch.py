"""Send everybody to the coming release in one rename, and prove it through Traefik."""

import json
from collections.abc import Iterable

from rollout.bundle import Route
from rollout.context import Context
from rollout.errors import NotAnswering, NotWellInTime
from rollout.steps.base import Step
from rollout.traefik import ask_traefik

IN_A_ROW = 5
# Measured: Traefik's entry points switch one after another, up to 6.5 ms after the first new answer.
SETTLE_S = 0.05
_LIMITED = 429


def write_routes(ctx: Context, release: str | None) -> None:
    """Replace the one dynamic file; written beside its watched folder, so that Traefik never sees half of it."""
    if release is None:
        ctx.host.remove(ctx.layout.dynamic)
        return
    content = (ctx.layout.release(release) / "dynamic.yml").read_bytes()
    if ctx.layout.dynamic.exists() and ctx.layout.dynamic.read_bytes() == content:
        return
    spare = ctx.layout.edge / "dynamic.next"
    ctx.host.write(spare, content)
    ctx.host.rename(spare, ctx.layout.dynamic)


class Switch(Step):
    """The routes and the links that say who serves."""

    name = "switch"

    def do(self, ctx: Context) -> str:
        """Name the coming release."""
        write_routes(ctx, ctx.release)
        if ctx.serving != ctx.release:
            ctx.releases.point(ctx.layout.previous, ctx.serving)
        ctx.releases.point(ctx.layout.current, ctx.release)
        return "routes renamed"

    def undo(self, ctx: Context) -> None:
        """Name the old release again and see it answer before its rival is taken away."""
        write_routes(ctx, ctx.serving)
        ctx.releases.point(ctx.layout.current, ctx.serving)
        ctx.releases.point(ctx.layout.previous, ctx.before)
        if ctx.serving:
            prove(ctx, ctx.serving)
            ctx.host.pause(SETTLE_S)


class Probe(Step):
    """Nothing but the new release may answer, on every route, several times in a row."""

    name = "probe"

    def do(self, ctx: Context) -> str:
        """Raise NotAnswering when a route or Traefik's own list of routers says otherwise."""
        asked = prove(ctx, ctx.release)
        faults = router_faults(ctx)
        if faults:
            raise NotAnswering(
                "Traefik can't use a router", where="; ".join(faults), todo="mend dynamic.yml, deploy again"
            )
        return f"{len(ctx.manifest().routes)} routes, {asked} answers"


def prove(ctx: Context, release: str) -> int:
    """Ask every route until this release's id comes several times in a row; returns how many answers that took."""
    manifest = ctx.manifest(release)
    return sum(_prove_route(ctx, manifest.https_port, route, release) for route in manifest.routes)


def _prove_route(ctx: Context, port: int, route: Route, release: str) -> int:
    row, asked, last = 0, 0, ""
    limit_s = ctx.manifest(release).limits.probe_timeout_s

    def enough() -> bool:
        nonlocal row, asked, last
        while row < IN_A_ROW:
            answer = ctx.host.https(port, route.url_host, route.path)
            asked += 1
            shown = answer.header("x-release")
            last = answer.error or f"status {answer.status}, X-Release {shown or 'absent'}"
            if answer.status == _LIMITED:  # the edge counts us too; neither release answered
                return False
            if shown != release or not 200 <= answer.status < 400:
                row = 0
                return False
            row += 1
        return True

    try:
        ctx.host.await_true(enough, limit_s, "not answering")
    except NotWellInTime as late:
        raise NotAnswering(
            f"{route.url_host}{route.path} does not answer with release {release} through Traefik within {limit_s} s",
            where=f"last answer: {last}",
            todo="look at Traefik's log (docker logs) and at the route in dynamic.yml",
        ) from late
    return asked


def router_faults(ctx: Context) -> list[str]:
    """Ask Traefik which routers it refused; none when it has no API."""
    overview = ask_traefik(ctx, "/api/overview")
    if overview is None or json.loads(overview)["http"]["routers"]["errors"] == 0:
        return []
    return _named(json.loads(ask_traefik(ctx, "/api/http/routers") or "[]"))


def _named(routers: Iterable[dict[str, object]]) -> list[str]:
    return [f"{row['name']}: {row['error']}" for row in routers if row.get("error")] or [
        "a router that it doesn't name"
    ]
