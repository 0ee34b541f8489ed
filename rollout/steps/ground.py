"""The ground a release stands on: network, directories, data volume."""

from pathlib import Path

from rollout.boot import settle_at_boot
from rollout.bundle import Volume
from rollout.context import Context
from rollout.errors import NotWellInTime, RolloutError
from rollout.steps.base import Step
from rollout.volume import mount_volume

TRAEFIK, POSTGRES, REDIS, REDIS_GROUP = 65532, 999, 999, 1000


class Ground(Step):
    """Makes what is missing; nothing of it is ever taken away."""

    name = "host"

    def do(self, ctx: Context) -> str:
        """Have folders, volume, network and Traefik's default certificate."""
        for folder in (ctx.layout.releases, ctx.layout.root / "base"):
            ctx.host.folder(folder, mode=0o711)
        ctx.host.folder(ctx.layout.backups, mode=0o700)
        volume = ctx.bundle.volume if ctx.bundle else ctx.manifest().volume
        mounted = self._volume(ctx, volume)
        ctx.host.folder(ctx.layout.data, mode=0o711)
        ctx.host.folder(ctx.layout.data / "postgres", mode=0o700, uid=POSTGRES, gid=POSTGRES)
        ctx.host.folder(ctx.layout.data / "redis", mode=0o700, uid=REDIS, gid=REDIS_GROUP)
        self._edge(ctx)
        settle_at_boot(ctx.host, ctx.layout)
        return f"{mounted}, network {self._network(ctx)}"

    def _volume(self, ctx: Context, volume: Volume | None) -> str:
        if volume is None:
            return "no data volume"
        limits = ctx.bundle.limits if ctx.bundle else ctx.manifest().limits
        try:
            ctx.host.await_true(Path(volume.device).exists, limits.device_timeout_s, "absent")
        except NotWellInTime as late:
            raise RolloutError(
                f"the data volume's device did not appear within {limits.device_timeout_s} s",
                where=volume.device,
                todo="look whether the volume is attached to this droplet",
            ) from late
        return mount_volume(ctx.host, volume, ctx.layout.prefix)

    def _network(self, ctx: Context) -> str:
        name = ctx.layout.network
        if ctx.docker("network", "inspect", name, check=False).code == 0:
            return "there"
        ctx.docker("network", "create", "--label", "slipway=network", name)
        return "made"

    def _edge(self, ctx: Context) -> None:
        ctx.host.folder(ctx.layout.root / "sql")
        for folder in (ctx.layout.edge, ctx.layout.dynamic.parent, ctx.layout.edge / "tls"):
            ctx.host.folder(folder)
        ctx.host.folder(ctx.layout.acme, mode=0o700, uid=TRAEFIK, gid=TRAEFIK)
        self._default_certificate(ctx, ctx.layout.edge / "tls")

    def _default_certificate(self, ctx: Context, folder: Path) -> None:
        """Without one Traefik makes an RSA key at every reload; with one a switch takes effect some 60 ms sooner."""
        key, certificate = folder / "default.key", folder / "default.crt"
        if certificate.exists() and key.exists():
            return
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650")
        name = ("-subj", "/CN=slipway.invalid", "-addext", "subjectAltName=DNS:slipway.invalid")
        spare = folder / ".default.key.next"
        ctx.host.run(["openssl", "req", "-x509", *curve, *name, "-keyout", str(spare), "-out", str(certificate)])
        spare.chmod(0o400)
        ctx.host.chown(spare, TRAEFIK, TRAEFIK)
        ctx.host.rename(spare, key)
