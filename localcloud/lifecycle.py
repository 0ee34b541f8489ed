"""Start, stop and reset one instance of the local cloud, and say how it is."""

import fcntl
import http.client
import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from dnslib import DNSError, DNSRecord

from localcloud import daemon, preflight
from localcloud.errors import RuntimeFailure, SettingsError
from localcloud.machines import acme, disks, docker, image, public_network, vpc
from localcloud.machines.commands import run
from localcloud.machines.dns import PORT as DNS_PORT
from localcloud.machines.droplets import Droplets
from localcloud.machines.place import ACME_HOST, Place
from localcloud.machines.records import Shelf
from localcloud.settings import CONFIG_FILE, TOKEN_FILE, Settings, load_settings

Say = Callable[[str], None]
FIXED = ("name", "subnet")
"""What droplets and records of an instance depend on, so that it stays for the instance's life."""
LOCK_FILE = "lifecycle.lock"
OUR_FILES = (
    *(CONFIG_FILE, TOKEN_FILE, LOCK_FILE, daemon.LOG_FILE, daemon.PID_FILE, "acme", "droplets", "volumes", "vpcs"),
    *("state.sqlite3", "state.sqlite3-wal", "state.sqlite3-shm"),
)
"""What a reset removes from HOME; anything else there is not ours."""
STOP_TIMEOUT_S = 60


@dataclass(frozen=True)
class Wishes:
    """What the caller asked for; None leaves a setting as it is."""

    home: Path
    name: str | None = None
    subnet: IPv4Network | None = None
    api_port: int | None = None
    time_scale: float | None = None
    acme_image: str | None = None

    def given(self) -> dict[str, Any]:
        """Return the settings that were asked for."""
        names = ("name", "subnet", "api_port", "time_scale", "acme_image")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Health:
    """Which parts answer."""

    api: bool
    dns: bool
    acme: bool

    @property
    def is_running(self) -> bool:
        """Tell whether everything answers."""
        return self.api and self.dns and self.acme


def existing_settings(wishes: Wishes) -> Settings | None:
    """Return the instance's settings, None when it was never started."""
    home = wishes.home.resolve()
    return load_settings(home) if (home / CONFIG_FILE).is_file() else None


def settle(wishes: Wishes) -> Settings:
    """Combine what was asked for with what the instance was made with; SettingsError when they cannot go together."""
    stored = existing_settings(wishes)
    if stored is None:
        return Settings(home=wishes.home.resolve(), **wishes.given())
    changed = {key: value for key, value in wishes.given().items() if value != getattr(stored, key)}
    frozen = [key for key in FIXED if key in changed]
    if frozen:
        asked = ", ".join(f"--{key} {changed[key]} (it has {getattr(stored, key)})" for key in frozen)
        raise SettingsError(
            f"the local cloud in {stored.home} exists and cannot take {asked}: give another --home for a second "
            f"instance, or remove this one with `python -m localcloud reset --home {stored.home}`"
        )
    return stored.model_copy(update=changed)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Keep a second start, stop or reset of the same instance waiting."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(wishes: Wishes, mirror: str | None, say: Say) -> Settings:
    """Bring the instance up and wait until each part answers; one that is up already is left alone."""
    settings = settle(wishes)
    preflight.check_host()
    with only_one(settings.home):
        build_image(mirror, say)
        if existing_settings(wishes) != settings:
            daemon.stop(settings)
        settings.save()
        _ensure_token(settings)
        if not health(settings).is_running:
            daemon.stop(settings)
            preflight.check_port(settings.api_port)
            say("starting the API server, name server and ACME server")
            daemon.start(settings)
        place = Place.of(settings)
        daemon.wait_until(settings, lambda: dns_answers(settings), f"the name server on {settings.gateway}")
        daemon.wait_until(settings, lambda: acme.is_answering(place), f"the ACME server at {place.acme_url}")
        daemon.wait_until(settings, lambda: api_answers(settings), f"the API on port {settings.api_port}")
    return settings


def build_image(mirror: str | None, say: Say) -> str:
    """Build the droplet image unless it is there."""
    recipe = image.current_recipe(mirror)
    preflight.check_host(builds_image=not image.is_current(recipe))
    return image.ensure(mirror, say)


def _ensure_token(settings: Settings) -> None:
    path = settings.home / TOKEN_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"dop_v1_{secrets.token_hex(32)}\n", encoding="utf-8")


def stop(wishes: Wishes, say: Say) -> None:
    """End every process and container of the instance; droplets, volumes and records stay in HOME."""
    settings = settle(wishes)
    with only_one(settings.home):
        say("stopping the API server")
        daemon.stop(settings)
        place = Place.of(settings)
        droplets = Droplets(place, Shelf(place))
        running = [record.spec.id for record in Shelf(place).droplets() if droplets.is_running(record.spec.id)]
        if running:
            say(f"shutting down {len(running)} droplet(s)")
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda droplet_id: droplets.halt(droplet_id, STOP_TIMEOUT_S), running))
        _clear_machine(place)


def reset(wishes: Wishes, say: Say) -> None:
    """Remove every trace of the instance, whatever state it is in."""
    settings = existing_settings(wishes) or settle(wishes)
    with only_one(settings.home):
        say("ending processes")
        daemon.stop(settings)
        say("removing containers, disks and networks")
        _clear_machine(Place.of(settings))
        for name in OUR_FILES:
            path = settings.home / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    if not any(settings.home.iterdir()):
        settings.home.rmdir()


def _clear_machine(place: Place) -> None:
    """Remove everything outside HOME. It goes by labels and paths, not by records: those may be lost."""
    for container in docker.containers(place.label):
        docker.remove(container)
    for point in disks.mounts_under(place.home):
        run(["umount", str(point)])
    for loop in disks.loops_under(place.home):
        run(["losetup", "--detach", loop])
    vpc.remove_all_bridges(place)
    public_network.remove(place)


def api_answers(settings: Settings) -> bool:
    """Tell whether the API knows our token."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.api_port, timeout=5)
    try:
        connection.request("GET", "/v2/account", headers={"Authorization": f"Bearer {settings.read_token()}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException, SettingsError):
        return False
    finally:
        connection.close()


def dns_answers(settings: Settings) -> bool:
    """Tell whether the name server knows our own name, over UDP and TCP."""
    question = DNSRecord.question(ACME_HOST)
    try:
        return all(
            DNSRecord.parse(question.send(settings.gateway, DNS_PORT, tcp=tcp, timeout=2)).rr for tcp in (False, True)
        )
    except (OSError, DNSError):
        return False


def health(settings: Settings) -> Health:
    """Ask each part whether it answers."""
    place = Place.of(settings)
    has_authority = place.endpoint_authority.exists()
    return Health(api_answers(settings), dns_answers(settings), has_authority and acme.is_answering(place))


def describe(settings: Settings) -> dict[str, Any]:
    """Return what a client needs to use the instance."""
    place, parts = Place.of(settings), health(settings)
    token = settings.home / TOKEN_FILE
    return {
        "name": settings.name,
        "running": parts.is_running,
        "parts": {"api": parts.api, "dns": parts.dns, "acme": parts.acme},
        "api_url": settings.api_url,
        "token": settings.read_token() if token.exists() else None,
        "dns_server": settings.gateway,
        "acme_directory": place.acme_url,
        "acme_ca_file": str(place.endpoint_authority),
        "ca_file": str(place.issuing_roots),
        "gateway": settings.gateway,
        "subnet": str(settings.subnet),
        "home": str(settings.home),
    }


def require_started(wishes: Wishes) -> Settings:
    """Return the instance's settings; SettingsError when it was never started."""
    settings = existing_settings(wishes)
    if settings is None:
        raise SettingsError(
            f"there is no local cloud in {wishes.home}: start it with `python -m localcloud start --home {wishes.home}`"
        )
    return settings


__all__ = ["RuntimeFailure", "Wishes", "build_image", "describe", "require_started", "reset", "start", "stop"]
