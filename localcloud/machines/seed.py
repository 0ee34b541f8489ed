"""What a droplet finds on its disk at its first boot: cloud-init's seed, its name, its name server."""

import json
import uuid
from pathlib import Path

from localcloud.machines.place import Place
from localcloud.runtime import DropletSpec

SEED = "var/lib/cloud/seed/nocloud"


def meta_data(spec: DropletSpec) -> str:
    """Write NoCloud's meta-data; JSON is YAML."""
    return json.dumps(
        {"instance-id": str(spec.id), "local-hostname": spec.hostname, "public-keys": list(spec.ssh_keys)}, indent=2
    )


def files(place: Place, spec: DropletSpec) -> dict[str, str]:
    """Return the files of the first boot by their path from the root."""
    names = f"127.0.1.1 {spec.hostname}\n127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
    return {
        f"{SEED}/meta-data": meta_data(spec),
        f"{SEED}/user-data": spec.user_data,
        f"{SEED}/vendor-data": "#cloud-config\n{}\n",
        "etc/hostname": f"{spec.hostname}\n",
        "etc/hosts": names,
        "etc/machine-id": f"{uuid.uuid4().hex}\n",
        "etc/resolv.conf": f"nameserver {place.gateway}\n",
    }


def plant(place: Place, spec: DropletSpec, upper: Path) -> None:
    """Put the files onto the droplet's disk, over those of the image."""
    for path, text in files(place, spec).items():
        target = upper / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for secret in ("user-data", "vendor-data", "meta-data"):
        (upper / SEED / secret).chmod(0o600)
