"""Write the release's folder, whole or not at all."""

from pathlib import Path

from rollout.bundle import PLACEHOLDER, Bundle
from rollout.context import Context
from rollout.environment import TOOLS, read_env, release_variables, require_all_set, standing_variables, to_text
from rollout.errors import CommandFailed, UsageFault
from rollout.layout import FAILED, STAGING, STANDING
from rollout.releases import Manifest
from rollout.steps.base import Step


class Stage(Step):
    """A failed release's folder is kept as `<id>.failed` for reading, without its secrets; half a folder is removed."""

    name = "stage"

    def do(self, ctx: Context) -> str:
        """Fill `<id>.tmp`, let compose read its files, then rename it."""
        bundle = ctx.bundle
        if bundle is None:
            raise UsageFault("a release can't be staged without its bundle")
        if ctx.folder.exists():
            return "there"
        folder = ctx.folder.with_name(ctx.folder.name + STAGING)
        ctx.host.remove(folder)
        ctx.host.folder(folder, mode=0o711)
        self._files(ctx, bundle, folder)
        self._secrets(ctx, bundle, folder)
        variables = release_variables(bundle, ctx.layout, ctx.release)
        services = self._services(ctx, bundle, folder, variables)
        ctx.host.write(folder / "env", to_text(variables), mode=0o600)
        ctx.host.write(folder / "manifest.json", self._manifest(ctx, bundle, services).to_json())
        ctx.host.rename(folder, ctx.folder)
        return f"{len(bundle.files)} files, {len(bundle.secrets)} secrets"

    def undo(self, ctx: Context) -> None:
        """Take the secrets out and mark the folder as failed."""
        ctx.host.remove(ctx.folder.with_name(ctx.folder.name + STAGING))
        if ctx.folder.exists():
            ctx.host.remove(ctx.folder / "secrets")
            ctx.host.rename(ctx.folder, ctx.folder.with_name(ctx.folder.name + FAILED))

    def _files(self, ctx: Context, bundle: Bundle, folder: Path) -> None:
        for name, text in bundle.files.items():
            ctx.host.folder((folder / name).parent)
            ctx.host.write(folder / name, text.replace(PLACEHOLDER, ctx.release) if name == "dynamic.yml" else text)

    def _secrets(self, ctx: Context, bundle: Bundle, folder: Path) -> None:
        ctx.host.folder(folder / "secrets", mode=0o700)
        for secret in bundle.secrets:
            ctx.host.folder(folder / "secrets" / secret.service, mode=0o700)
            place = folder / "secrets" / secret.service / secret.name
            ctx.host.write(place, secret.value, mode=0o400, uid=secret.uid, gid=secret.uid)

    def _services(self, ctx: Context, bundle: Bundle, folder: Path, variables: dict[str, str]) -> dict[str, list[str]]:
        services = {}
        for name in ("app", *STANDING):
            if f"compose/{name}.yml" in bundle.files:
                known = self._known(ctx, folder, name, variables)
                given = variables if name == "app" else standing_variables(variables, {})
                tools = variables.get(TOOLS, "").split() if name == "ops" else []
                services[name] = self._ask(ctx, folder, name, given, tools) if known is None else known
        return services

    def _known(self, ctx: Context, folder: Path, name: str, variables: dict[str, str]) -> list[str] | None:
        """Compose has read the very same file with the same variables for the serving release: don't ask it again."""
        if ctx.serving is None:
            return None
        serving = ctx.layout.release(ctx.serving)
        texts = [path / "compose" / f"{name}.yml" for path in (serving, folder)]
        is_same = texts[0].exists() and texts[0].read_bytes() == texts[1].read_bytes()
        before = read_env(serving / "env")
        is_same = is_same and before.keys() == variables.keys() and before.get(TOOLS) == variables.get(TOOLS)
        return ctx.manifest(ctx.serving).services.get(name) if is_same else None

    def _ask(self, ctx: Context, folder: Path, name: str, variables: dict[str, str], profiles: list[str]) -> list[str]:
        """Let compose name the services, which also proves that it can read the file."""
        ctx.host.write(folder / "env", to_text(variables), mode=0o600)
        try:
            words = ("config", "--services")
            shown = ctx.docker.compose(ctx.layout.project(name), folder, f"{name}.yml", *words, profiles=profiles)
        except CommandFailed as fault:
            raise UsageFault(
                f"compose can't read compose/{name}.yml", where="the bundle's files", tail=fault.tail
            ) from fault
        require_all_set(f"compose/{name}.yml", shown.err)
        return sorted(shown.out.split())

    def _manifest(self, ctx: Context, bundle: Bundle, services: dict[str, list[str]]) -> Manifest:
        return Manifest(
            release=ctx.release,
            revision=bundle.revision,
            digest=bundle.digest,
            domain=bundle.domain,
            created=ctx.host.now().isoformat(timespec="seconds"),
            images=bundle.images,
            services=services,
            volume=bundle.volume,
            routes=bundle.routes,
            https_port=int(bundle.environment.get("HTTPS_PORT", "443")),
            keep_releases=bundle.keep_releases,
            limits=bundle.limits,
        )
