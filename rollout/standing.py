"""The projects that outlive releases (data, edge, ops): brought to what a release's files say, and else left alone."""

import hashlib
from pathlib import Path

from rollout.context import Context
from rollout.environment import read_env, standing_variables, to_text
from rollout.errors import CommandFailed
from rollout.health import await_well, down_services, find_trouble

ADMIN_USERS = "secrets/traefik/admin_users"
# Passwords of roles are kept right by roles.sql while Postgres runs; it needs no restart for them.
_READ_WHILE_RUNNING = {"postgres"}


def ensure(ctx: Context, name: str, release: str) -> str:
    """Have a standing project run as a release says; returns what was done. Safe to run again at any point."""
    services = ctx.manifest(release).services.get(name, [])
    if not services:
        removed = ctx.docker.remove_project(ctx.layout.project(name))
        return "removed" if removed else "none"
    ctx.docker.pin(image for image in ctx.manifest(release).images if image.ref in _images(ctx, name, release))
    variables = _variables(ctx, name, release)
    wanted = _fingerprint(ctx, name, release, variables)
    applied = ctx.layout.standing(name) / "applied"
    project = ctx.layout.project(name)
    here = ctx.docker.containers(project)
    if applied.exists() and applied.read_text() == wanted and not down_services(here, project, services):
        return "untouched"
    ctx.host.remove(applied)  # from here until the end the files don't say what runs
    _lay_out(ctx, name, release, variables)
    _up(ctx, name, services, ctx.manifest(release).limits.healthy_timeout_s)
    ctx.host.write(applied, wanted, mode=0o600)
    return "brought up to date" if here else "started"


def _up(ctx: Context, name: str, services: list[str], limit_s: float) -> None:
    project = ctx.layout.project(name)
    try:
        words = ("up", "--detach", "--no-build", "--pull", "never", "--remove-orphans")
        ctx.docker.compose(project, ctx.layout.standing(name), f"{name}.yml", *words, profiles=services)
    except CommandFailed as fault:
        raise find_trouble(ctx, project) or fault from fault
    await_well(ctx, project, services, limit_s)


def _variables(ctx: Context, name: str, release: str) -> dict[str, str]:
    more = {f"{name.upper()}_DIGEST": _start_digest(ctx, name, release)}
    if name == "edge" and (ctx.layout.release(release) / ADMIN_USERS).exists():
        more["ADMIN_USERS_FILE"] = str(ctx.layout.root / ADMIN_USERS)
    return standing_variables(read_env(ctx.layout.release(release) / "env"), more)


def _images(ctx: Context, name: str, release: str) -> set[str]:
    text = (ctx.layout.release(release) / "compose" / f"{name}.yml").read_text()
    return {image.ref for image in ctx.manifest(release).images if image.variable in text}


def _start_digest(ctx: Context, name: str, release: str) -> str:
    """Digest of what the project's containers read only at their start."""
    files = _secret_files(ctx, name, release, without=_READ_WHILE_RUNNING)
    if name == "edge":
        files += sorted(p for p in (ctx.layout.release(release) / "edge").rglob("*") if p.is_file())
    return _digest(files, ctx.layout.release(release))


def _fingerprint(ctx: Context, name: str, release: str, variables: dict[str, str]) -> str:
    folder = ctx.layout.release(release)
    compose = folder / "compose" / f"{name}.yml"
    files = [compose, *_secret_files(ctx, name, release, without=set())]
    used = {key: value for key, value in variables.items() if key in compose.read_text()}
    ids = sorted(f"{i.ref}={i.id}" for i in ctx.manifest(release).images if i.variable in used)
    return f"{_digest(files, folder)} {hashlib.sha256(repr((sorted(used.items()), ids)).encode()).hexdigest()}\n"


def _secret_files(ctx: Context, name: str, release: str, *, without: set[str]) -> list[Path]:
    services = sorted(set(ctx.manifest(release).services.get(name, [])) - without)
    folders = [ctx.layout.release(release) / "secrets" / service for service in services]
    return [path for folder in folders if folder.exists() for path in sorted(folder.iterdir())]


def _digest(files: list[Path], base: Path) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(base)} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _lay_out(ctx: Context, name: str, release: str, variables: dict[str, str]) -> None:
    folder, home = ctx.layout.release(release), ctx.layout.standing(name)
    ctx.host.folder(home / "compose")
    ctx.host.write(home / "compose" / f"{name}.yml", (folder / "compose" / f"{name}.yml").read_bytes())
    ctx.host.write(home / "env", to_text(variables), mode=0o600)
    for path in _secret_files(ctx, name, release, without=set()):
        target = ctx.layout.root / path.relative_to(folder)
        ctx.host.folder(target.parent.parent, mode=0o700)
        ctx.host.folder(target.parent, mode=0o700)
        facts = path.stat()
        ctx.host.rewrite(target, path.read_bytes(), mode=0o400, uid=facts.st_uid, gid=facts.st_gid)
    if name == "edge":
        _copy(ctx, folder / "edge", ctx.layout.edge)
    if name == "data" and (folder / "compose" / "data").exists():
        _copy(ctx, folder / "compose" / "data", ctx.layout.root / "sql")


def _copy(ctx: Context, source: Path, target: Path) -> None:
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        place = target / path.relative_to(source)
        ctx.host.folder(place.parent)
        ctx.host.write(place, path.read_bytes())
