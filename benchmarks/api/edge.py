"""The real Traefik with the real routes before a contestant, on the server's core as well."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.api.containers import HARDENED, LOGGED, SERVER_CORE, Container, running
from benchmarks.api.data import DOMAIN
from benchmarks.api.servers import RPM, Contestant, answers
from traefik.render import render_dynamic, render_static
from traefik.settings import EdgeSettings

IMAGE = "traefik:v3.6.12"
PREFIX = "/api"
USER_ID = 65532
AS_DEPLOYED = ("--user", f"{USER_ID}:{USER_ID}", "--sysctl", "net.ipv4.ip_unprivileged_port_start=0")


@contextmanager
def edge_before(contestant: Contestant, room: Path) -> Iterator[Container]:
    """Run Traefik until the block ends."""
    files = write_files(room / f"edge-{contestant.name}", contestant.name)
    places = {f"{files}": "/etc/traefik:ro", f"{files}/acme": "/acme", "/dev/null": "/run/secrets/admin_users:ro"}
    mounts = [word for source, target in places.items() for word in ("--volume", f"{source}:{target}")]
    options = (*HARDENED, *LOGGED, *AS_DEPLOYED, *mounts)
    with running(f"edge-{contestant.name}", SERVER_CORE, IMAGE, options, ()) as container:
        container.wait_until(lambda: answers(f"https://{container.address}{PREFIX}/items?limit=1"))
        yield container


def write_files(directory: Path, contestant: str) -> Path:
    """Write the rendered configuration, its one release being the contestant, and a certificate of its own."""
    settings = EdgeSettings(
        domain=DOMAIN,
        acme_directory="https://acme.invalid/directory",
        acme_email="operator@example.com",
        acme_ca=True,
        rate_limit_rpm=RPM,
    )
    for name in ("tls", "acme", "ca", "dynamic"):
        (directory / name).mkdir(parents=True)
    key, certificate = directory / "tls" / "default.key", directory / "tls" / "default.crt"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    request = ["openssl", "req", "-x509", *curve, "-subj", f"/CN={DOMAIN}", *files]
    subprocess.run(request, capture_output=True, check=True)
    shutil.copy(certificate, directory / "ca" / "acme.pem")
    for owned in (directory / "acme", key):
        shutil.chown(owned, USER_ID, USER_ID)
    (directory / "acme").chmod(0o700)
    directory.chmod(0o755)
    (directory / "traefik.yml").write_text(render_static(settings), "utf-8")
    (directory / "dynamic" / "dynamic.yml").write_text(render_dynamic(settings, release=contestant), "utf-8")
    return directory
