"""The droplet's first boot: Docker, a registry on the loopback, and a host key known beforehand."""

from __future__ import annotations

import json

import yaml

from infra.keys import HostKey

PACKAGES = ("docker.io", "docker-cli", "docker-compose", "docker-registry", "python3")

_DAEMON = {
    "live-restore": True,
    "log-driver": "json-file",
    "log-opts": {"max-size": "10m", "max-file": "3"},
}
_REGISTRY = {
    "version": 0.1,
    "storage": {"filesystem": {"rootdirectory": "/var/lib/docker-registry"}, "delete": {"enabled": True}},
    "http": {"addr": "127.0.0.1:5000"},
}
_SSHD = "PasswordAuthentication no\nKbdInteractiveAuthentication no\nX11Forwarding no\nClientAliveInterval 15\n"


def user_data(host_key: HostKey) -> str:
    """Return the `#cloud-config` text; it holds the private host key, so treat it as a secret.

    Keys of the format: https://cloudinit.readthedocs.io/en/latest/reference/modules.html
    """
    config = {
        "ssh_deletekeys": True,
        "ssh_genkeytypes": [],
        "ssh_keys": {"ed25519_private": host_key.private, "ed25519_public": host_key.public},
        "ssh_pwauth": False,
        "package_update": True,
        "packages": list(PACKAGES),
        "write_files": [
            _file("/etc/docker/daemon.json", json.dumps(_DAEMON, indent=2) + "\n"),
            _file("/etc/docker/registry/config.yml", yaml.safe_dump(_REGISTRY, sort_keys=False)),
            _file("/etc/ssh/sshd_config.d/10-slipway.conf", _SSHD),
        ],
        "runcmd": [
            ["mkdir", "-p", "/srv/slipway/engine"],
            ["systemctl", "reload-or-restart", "ssh"],
            ["systemctl", "enable", "--now", "docker", "docker-registry"],
        ],
    }
    return "#cloud-config\n" + yaml.safe_dump(config, sort_keys=False, width=4096)


def _file(path: str, content: str) -> dict[str, str]:
    return {"path": path, "permissions": "0644", "content": content}
