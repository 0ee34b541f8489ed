"""What `apply` reads from stdin: the whole release as one JSON document, checked whole."""

import json
import re
from dataclasses import dataclass, field, fields
from pathlib import PurePosixPath
from typing import Any

from rollout.errors import BundleFaults

VERSION = 1
PLACEHOLDER = "@RELEASE@"
REQUIRED_FILES = ("compose/app.yml", "compose/data.yml", "compose/edge.yml", "edge/traefik.yml", "dynamic.yml")
SHORTEST_SECRET = 8  # shorter values could not be redacted without blacking out ordinary text
_REVISION = re.compile(r"(dirty-)?[0-9a-z]{1,40}")
_IMAGE_ID = re.compile(r"sha256:[0-9a-f]{64}")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True)
class Image:
    """An image by its id; `pull` says where to fetch it from when it isn't here."""

    name: str
    ref: str
    id: str
    pull: str
    variable: str


@dataclass(frozen=True)
class Secret:
    """One file for one service: `/run/secrets/<name>`, readable by `uid` alone."""

    service: str
    name: str
    uid: int
    value: str = field(repr=False)


@dataclass(frozen=True)
class Volume:
    """The block device that holds the data, and where it is mounted."""

    device: str
    mount: str


@dataclass(frozen=True)
class Route:
    """A public address that must answer with the new release's id."""

    url_host: str
    path: str


@dataclass(frozen=True)
class Limits:
    """What a release needs, and how long each awaited thing may take."""

    min_free_disk_mb: int = 1000
    min_free_memory_mb: int = 128
    device_timeout_s: int = 60
    pull_timeout_s: int = 600
    migrate_timeout_s: int = 600
    healthy_timeout_s: int = 180
    probe_timeout_s: int = 30
    drain_ms: int = 200
    proven_after_s: int = 12  # how long every container must have lived before there is no way back
    watch_s: int = 3  # how long answers are counted after the switch, at least


@dataclass(frozen=True)
class Bundle:
    """A release before it has an id."""

    revision: str
    digest: str
    domain: str
    files: dict[str, str]
    environment: dict[str, str]
    secrets: tuple[Secret, ...]
    images: tuple[Image, ...]
    volume: Volume | None
    routes: tuple[Route, ...]
    keep_releases: int
    limits: Limits


def parse_bundle(text: str) -> Bundle:
    """Read a bundle; raises BundleFaults naming every fault at once."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as fault:
        raise BundleFaults([f"it is not JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}"]) from fault
    if not isinstance(raw, dict):
        raise BundleFaults(["it is not a JSON object"])
    reader = _Reader(raw)
    bundle = reader.bundle()
    if reader.faults:
        raise BundleFaults(reader.faults)
    return bundle


class _Reader:
    """Collects the faults while it reads, and goes on with a harmless value after each."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.faults: list[str] = []

    def bundle(self) -> Bundle:
        known = {"version", "probe", *(f.name for f in fields(Bundle))} - {"routes"}
        self.faults += [f"unknown key {key!r}" for key in sorted(self.raw.keys() - known)]
        if self.raw.get("version") != VERSION:
            self.faults.append(f"version: expected {VERSION}, found {self.raw.get('version')!r}")
        read = Bundle(
            revision=self.text(self.raw, "revision", "", _REVISION),
            digest=self.text(self.raw, "digest", ""),
            domain=self.text(self.raw, "domain", ""),
            files=self.files(),
            environment=self.environment(),
            secrets=self.secrets(),
            images=self.images(),
            volume=self.volume(),
            routes=self.routes(),
            keep_releases=self.number(self.raw, "keep_releases", "", 2, 5),
            limits=self.limits(),
        )
        self.cross_check(read)
        return read

    def text(self, raw: dict[str, Any], key: str, at: str, pattern: re.Pattern[str] | None = None) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value.strip():
            self.faults.append(f"{at}{key}: a text is missing")
            return ""
        if pattern and not pattern.fullmatch(value):
            self.faults.append(f"{at}{key}: {value!r} does not look like {pattern.pattern}")
        return value

    def number(self, raw: dict[str, Any], key: str, at: str, least: int, default: int) -> int:
        value = raw.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.faults.append(f"{at}{key}: expected a whole number of at least {least}, found {value!r}")
            return default
        return value

    def table(self, key: str) -> dict[str, Any]:
        value = self.raw.get(key, {})
        if not isinstance(value, dict):
            self.faults.append(f"{key}: expected an object")
            return {}
        return value

    def rows(self, raw: dict[str, Any], key: str, at: str = "") -> list[dict[str, Any]]:
        value = raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.faults.append(f"{at}{key}: expected a list of objects")
            return []
        return value

    def files(self) -> dict[str, str]:
        files = self.table("files")
        self.faults += [f"files: {name} is missing" for name in REQUIRED_FILES if not files.get(name)]
        for name, text in files.items():
            path = PurePosixPath(name)
            if (
                path.is_absolute()
                or ".." in path.parts
                or not path.parts
                or path.parts[0] in {"secrets", "env", "manifest.json"}
            ):
                self.faults.append(f"files: {name!r} would lie outside the release's own files")
            if path.parts[:2] == ("edge", "dynamic"):
                self.faults.append(f"files: {name!r} would lie in the folder that only a switch writes")
            if not isinstance(text, str):
                self.faults.append(f"files: {name} is not a text")
        return {name: text for name, text in files.items() if isinstance(text, str)}

    def environment(self) -> dict[str, str]:
        pairs = {str(key): str(value) for key, value in self.table("environment").items()}
        for key, value in pairs.items():
            if not _VARIABLE.fullmatch(key):
                self.faults.append(f"environment: {key!r} is not a variable's name")
            if "'" in value or "\n" in value:
                self.faults.append(f"environment: {key} holds a quote or a line end")
        return pairs

    def secrets(self) -> tuple[Secret, ...]:
        read = []
        for number, row in enumerate(self.rows(self.raw, "secrets")):
            at = f"secrets[{number}]."
            secret = Secret(
                self.text(row, "service", at, _NAME),
                self.text(row, "name", at, _NAME),
                self.number(row, "uid", at, 0, 0),
                str(row.get("value") or ""),
            )
            if len(secret.value.strip()) < SHORTEST_SECRET:
                self.faults.append(
                    f"{at}value: {secret.service}/{secret.name} has fewer than {SHORTEST_SECRET} characters"
                )
            read.append(secret)
        return tuple(read)

    def images(self) -> tuple[Image, ...]:
        read = []
        for name, row in self.table("images").items():
            if not isinstance(row, dict):
                self.faults.append(f"images.{name}: expected an object")
                continue
            at = f"images.{name}."
            read.append(
                Image(
                    name,
                    self.text(row, "ref", at),
                    self.text(row, "id", at, _IMAGE_ID),
                    str(row.get("pull") or ""),
                    self.text(row, "variable", at, _VARIABLE),
                )
            )
        if not read:
            self.faults.append("images: none is named")
        return tuple(read)

    def volume(self) -> Volume | None:
        if self.raw.get("volume") is None:
            return None
        raw = self.table("volume")
        read = Volume(self.text(raw, "device", "volume."), self.text(raw, "mount", "volume."))
        for key, value in (("device", read.device), ("mount", read.mount)):
            if value and (not value.startswith("/") or re.search(r"\s", value)):
                self.faults.append(f"volume.{key}: {value!r} is not an absolute path without blanks")
        return read

    def routes(self) -> tuple[Route, ...]:
        rows = self.rows(self.table("probe"), "routes", "probe.")
        read = tuple(
            Route(self.text(row, "url_host", f"probe.routes[{n}]."), self.text(row, "path", f"probe.routes[{n}]."))
            for n, row in enumerate(rows)
        )
        if not read:
            self.faults.append("probe.routes: at least one route is needed to prove a switch")
        self.faults += [f"probe.routes: {r.path!r} does not begin with /" for r in read if r.path and r.path[0] != "/"]
        return read

    def limits(self) -> Limits:
        raw = self.table("limits")
        names = {f.name: int(str(f.default)) for f in fields(Limits)}
        self.faults += [f"limits: unknown key {key!r}" for key in sorted(raw.keys() - names.keys())]
        return Limits(**{name: self.number(raw, name, "limits.", 0, default) for name, default in names.items()})

    def cross_check(self, read: Bundle) -> None:
        dynamic = read.files.get("dynamic.yml", "")
        if dynamic and PLACEHOLDER not in dynamic:
            self.faults.append(f"files: dynamic.yml never names {PLACEHOLDER}, so a switch would change nothing")
        has_users = any(s.service == "traefik" and s.name == "admin_users" and s.value.strip() for s in read.secrets)
        if "basicAuth" in dynamic and "usersFile" in dynamic and not has_users:
            # Measured: a basicAuth middleware without a user freezes Traefik's configuration until it is restarted.
            self.faults.append(
                "files: dynamic.yml has basicAuth with a usersFile, but secret traefik/admin_users is missing"
            )
        for secret in read.secrets:
            named = [
                key
                for key, value in read.environment.items()
                if len(secret.value) >= SHORTEST_SECRET and secret.value in value
            ]
            self.faults += [f"environment: {key} holds secret {secret.service}/{secret.name}" for key in named]
        variables = [image.variable for image in read.images]
        self.faults += [
            f"images: two of them are called {name}"
            for name in sorted({v for v in variables if variables.count(v) > 1})
        ]
