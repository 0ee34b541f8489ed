"""The site's certificate: there once the release serves, or ordered again until it is clear what is in the way."""

import json
import ssl

from rollout.context import Context
from rollout.errors import NotWellInTime
from rollout.steps.base import Step

RESOLVER = "certResolver"
ORDERS = 3
ORDER_S = 20.0  # an order takes 5 to 15 s at Let's Encrypt, 1 to 3 s at Pebble
LOOK_EVERY_S = 0.5
_REFUSED = "Unable to obtain ACME certificate"
# Used by no route: it only makes the configuration another one, which a comment would not.
_ANOTHER = "http: { middlewares: { order-again: { compress: {} } } }\n"


class Certificate(Step):
    """Has Traefik order again after an order that failed: by itself it orders once per change of its routes.

    No certificate is no reason to go back to the release before, which would not bring one: what is in the way is told.
    """

    name = "certificate"

    def do(self, ctx: Context) -> str:
        """Wait for the certificate; order up to three times."""
        if not is_missing(ctx):
            return "there"
        for number in range(1, ORDERS + 1):
            if number > 1:
                _order_again(ctx)
            try:
                ctx.host.await_true(lambda: not is_missing(ctx), ORDER_S, "no certificate", LOOK_EVERY_S)
            except NotWellInTime:
                ctx.say(f"     no certificate yet, order {number} of {ORDERS}: {_reason(ctx)}")
            else:
                return f"issued, order {number}"
        return "MISSING, visitors are warned: see docs/runbooks/certificate.md"


def is_missing(ctx: Context) -> bool:
    """Tell whether visitors are shown Traefik's stand-in although the release wants a certificate."""
    static, stand_in = ctx.folder / "edge" / "traefik.yml", ctx.layout.edge / "tls" / "default.crt"
    if RESOLVER not in static.read_text() or not stand_in.exists():
        return False
    shown = ctx.host.certificate(ctx.manifest().https_port, ctx.manifest().domain)
    return shown == ssl.PEM_cert_to_DER_cert(stand_in.read_text())


def _order_again(ctx: Context) -> None:
    more = ctx.layout.dynamic.with_name("order.yml")
    spare = ctx.layout.edge / "order.next"
    ctx.host.write(spare, _ANOTHER)
    ctx.host.rename(spare, more)
    ctx.host.pause(LOOK_EVERY_S)  # Traefik takes a change after its providersThrottleDuration of 100 ms
    ctx.host.remove(more)


def _reason(ctx: Context) -> str:
    """Return what Traefik said of the last order, or that it still waits."""
    edge = [c for c in ctx.docker.containers(ctx.layout.project("edge")) if c.service == "traefik"]
    refused = [line for c in edge for line in ctx.docker.logs(c, 200) if _REFUSED in line]
    if not refused:
        return "the authority has not answered"
    try:
        return str(json.loads(refused[-1]).get("error", refused[-1]))
    except json.JSONDecodeError:
        return refused[-1]
