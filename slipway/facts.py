"""The facts of a deployment, as `pulumi up` leaves them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from slipway.errors import ConfigurationFault, NotDeployed
from slipway.project import Project


@dataclass(frozen=True)
class Facts:
    """Where a deployment is and how to reach it; paths are absolute."""

    stack: str
    site: str
    domain: str
    address: str
    ssh_user: str
    ssh_port: int
    ssh_key: Path | None
    known_hosts: Path
    ca_file: Path | None
    do_api_url: str
    dns_server: str | None
    guarded_hosts: tuple[str, ...]
    release: str

    def url_of(self, label: str) -> str:
        """Return where a guarded host answers."""
        return f"https://{label}.{self.domain}"


def read_facts(project: Project, stack: str) -> Facts:
    """Read the facts of a stack; raises NotDeployed when there are none."""
    file = project.facts_file(stack)
    try:
        raw = json.loads(file.read_text())
    except FileNotFoundError as error:
        raise NotDeployed(stack) from error
    except json.JSONDecodeError as error:
        raise ConfigurationFault(f"{file} is damaged ({error}); `pulumi up -s {stack}` writes it again") from error
    ssh = raw["ssh"]
    return Facts(
        stack=raw["stack"],
        site=raw["site"],
        domain=raw["domain"],
        address=raw["address"],
        ssh_user=ssh["user"],
        ssh_port=ssh["port"],
        ssh_key=_absolute(project, ssh["key"]),
        known_hosts=project.root / ssh["known_hosts"],
        ca_file=_absolute(project, raw["ca_file"]),
        do_api_url=raw["do_api_url"],
        dns_server=raw["dns_server"],
        guarded_hosts=tuple(raw.get("guarded_hosts", ())),
        release=raw["release"],
    )


def _absolute(project: Project, path: str | None) -> Path | None:
    return None if path is None else project.root / Path(path).expanduser()
