"""The ACME server: Pebble in a container, an authority of our own for its TLS, its issuing roots kept in a bundle."""

import json
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path

from localcloud.errors import RuntimeFailure
from localcloud.machines import docker
from localcloud.machines.authority import ensure_endpoint_certificate
from localcloud.machines.commands import attempt
from localcloud.machines.place import ACME_MANAGEMENT_PORT, ACME_PORT, INSTANCE_LABEL, Place

CERTIFICATE_SECONDS = 90 * 24 * 3600
"""As Let's Encrypt; clients such as Traefik renew what has less than 30 days left."""
ANSWER_TIMEOUT_S = 30
POLL_S = 0.1


def configuration() -> str:
    """Write Pebble's configuration; both spellings of the certificate's life, as 2.7 moved it into profiles."""
    profile = {"description": "as the staging authority", "validityPeriod": CERTIFICATE_SECONDS}
    pebble = {
        "listenAddress": f"0.0.0.0:{ACME_PORT}",
        "managementListenAddress": f"0.0.0.0:{ACME_MANAGEMENT_PORT}",
        "certificate": "/localcloud/endpoint.pem",
        "privateKey": "/localcloud/endpoint-key.pem",
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
        "retryAfter": {"authz": 1, "order": 1},
        "certificateValidityPeriod": CERTIFICATE_SECONDS,
        "profiles": {"default": profile},
    }
    return json.dumps({"pebble": pebble}, indent=2)


def ensure(place: Place) -> None:
    """Start the ACME server unless it runs, and add its root to the bundle."""
    ensure_endpoint_certificate(place)
    if not docker.is_running(place.acme_container):
        docker.remove(place.acme_container)
        _start(place)
    keep_root(place.issuing_roots, _fetch_root(place))


def _start(place: Place) -> None:
    _ensure_image(place.acme_image)
    folder = place.acme_home / "server"
    (folder / "pebble.json").write_text(configuration(), encoding="utf-8")
    options = [f"--network={place.public_network}", f"--ip={place.acme_address}", f"--dns={place.gateway}"]
    options += [f"--volume={folder}:/localcloud:ro", "--env=PEBBLE_VA_NOSLEEP=1", "--env=PEBBLE_WFE_NONCEREJECT=0"]
    command = ["-config", "/localcloud/pebble.json", "-dnsserver", f"{place.gateway}:53"]
    docker.run_container(place.acme_container, place.acme_image, options, command, {INSTANCE_LABEL: place.name})


def _ensure_image(image: str) -> None:
    if docker.image_id(image) is not None:
        return
    done = attempt(["docker", "pull", "--quiet", image], timeout_s=300)
    if done.returncode != 0:
        raise RuntimeFailure(
            f"the ACME server's image {image} is neither on this machine nor to be had: {done.stderr.strip()}. Build "
            "or load an image of that name whose entrypoint is Pebble, or name another one with --acme-image"
        )


def _get(place: Place, url: str) -> bytes:
    context = ssl.create_default_context(cafile=str(place.endpoint_authority))
    with urllib.request.urlopen(url, timeout=5, context=context) as response:  # noqa: S310 (an https address of ours)
        return bytes(response.read())


def _fetch_root(place: Place) -> str:
    url = f"https://{place.acme_address}:{ACME_MANAGEMENT_PORT}/roots/0"
    deadline = time.monotonic() + ANSWER_TIMEOUT_S
    while True:
        try:
            return _get(place, url).decode()
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline or not docker.is_running(place.acme_container):
                said = docker.logs(place.acme_container)
                raise RuntimeFailure(f"the ACME server does not answer at {url}: {error}. It said: {said}") from error
            time.sleep(POLL_S)


def is_answering(place: Place) -> bool:
    """Tell whether the ACME directory answers."""
    try:
        return bool(_get(place, f"https://{place.acme_address}:{ACME_PORT}/dir"))
    except (urllib.error.URLError, OSError):
        return False


def keep_root(bundle: Path, root: str) -> None:
    """Append the root: certificates of an earlier server stay verifiable."""
    known = bundle.read_text(encoding="utf-8") if bundle.exists() else ""
    if root.strip() not in known:
        draft = bundle.with_suffix(".tmp")
        draft.write_text(f"{known}{root.strip()}\n", encoding="utf-8")
        draft.replace(bundle)
