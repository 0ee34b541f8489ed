"""The release as one thing: files, environment, secrets and images, as the rollout takes it on stdin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.edge import edge_settings
from infra.secrets import SecretFile
from infra.settings import Settings
from traefik.render import render_dynamic, render_static

BUNDLE_VERSION = 1
DATA_MOUNT = "/srv/slipway/data"
PROBED_PATHS = ("/", "/api/health")
MIN_FREE_DISK_MB = 1500
MIN_FREE_MEMORY_MB = 300

Bundle = dict[str, Any]


@dataclass(frozen=True)
class BundleArgs:
    """Everything of a release that is known before its images have arrived."""

    settings: Settings
    project_dir: Path
    revision: str
    secrets: Sequence[SecretFile]
    volume_name: str


def make_bundle(args: BundleArgs, images: Mapping[str, Mapping[str, str]]) -> Bundle:
    """Return the bundle; its `digest` is equal exactly when nothing that would run has changed."""
    settings = args.settings
    content: Bundle = {
        "domain": settings.domain,
        "files": _files(args),
        "environment": _environment(settings),
        "secrets": [asdict(secret) for secret in args.secrets],
        "volume": {"device": f"/dev/disk/by-id/scsi-0DO_Volume_{args.volume_name}", "mount": DATA_MOUNT},
        "probe": {"routes": [{"url_host": settings.domain, "path": path} for path in PROBED_PATHS]},
        "keep_releases": settings.keep_releases,
        "limits": {"min_free_disk_mb": MIN_FREE_DISK_MB, "min_free_memory_mb": MIN_FREE_MEMORY_MB},
    }
    what_runs = content | {"images": {name: image["ref"] for name, image in sorted(images.items())}}
    digest = hashlib.sha256(json.dumps(what_runs, sort_keys=True).encode()).hexdigest()
    whole = {"version": BUNDLE_VERSION, "revision": args.revision, "digest": digest}
    return whole | content | {"images": {name: dict(image) for name, image in images.items()}}


def _files(args: BundleArgs) -> dict[str, str]:
    compose = args.project_dir / "compose"
    files = {f"compose/{path.relative_to(compose).as_posix()}": path.read_text() for path in _texts(compose)}
    edge = edge_settings(args.settings)
    files["edge/traefik.yml"] = render_static(edge)
    files["dynamic.yml"] = render_dynamic(edge)
    files["absent"] = ""  # what compose mounts in place of a secret that operators left out
    if args.settings.acme_ca_file is not None:
        files["edge/ca/acme.pem"] = (args.project_dir / args.settings.acme_ca_file).read_text()
    return files


def _texts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yml", ".sql"})


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "DOMAIN": settings.domain,
        "RATE_LIMIT_API_RPM": str(settings.rate_limit_api_rpm),
        "SEED_DEMO": "1" if settings.seed_demo else "0",
        "OPS_PROFILES": " ".join(settings.tools),
        "PGADMIN_EMAIL": settings.acme_email,
        **({"GOOGLE_CLIENT_ID": settings.google_client_id} if settings.google_client_id else {}),
        **settings.mail.variables(),
    }
