"""The deployment's facts in one file, for verification and the command line: `.slipway/deployments/<stack>.json`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_command as command
from pulumi import Output, ResourceOptions

from infra.images import PYTHON
from infra.keys import HostKey, OperatorKey
from infra.settings import Settings

DEPLOYMENTS = Path(".slipway") / "deployments"
SSH_PORT = 22


@dataclass(frozen=True)
class FactsArgs:
    """What the facts are taken from."""

    stack: str
    settings: Settings
    operator_key: OperatorKey
    host_key: HostKey
    address: pulumi.Input[str]
    release: pulumi.Input[str]
    api_url: str


class Facts(pulumi.ComponentResource):
    """Writes the facts when a deployment ends, and removes them when it is destroyed."""

    def __init__(self, name: str, args: FactsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("slipway:facts:Facts", name, None, opts)
        folder = DEPLOYMENTS.as_posix()
        key = args.operator_key.file
        ca_file = args.settings.site_ca_file
        self.facts: Output[dict[str, object]] = Output.from_input(
            {
                "stack": args.stack,
                "site": args.settings.site,
                "domain": args.settings.domain,
                "address": args.address,
                "ssh": {
                    "user": "root",
                    "port": SSH_PORT,
                    "key": None if key is None else str(args.settings.ssh_key_file),
                    "known_hosts": f"{folder}/{args.stack}.known_hosts",
                    "host_key": args.host_key.public,
                },
                "ca_file": None if ca_file is None else str(ca_file),
                "do_api_url": args.api_url,
                "dns_server": args.settings.dns_server,
                "rate_limit_api_rpm": args.settings.rate_limit_api_rpm,
                "guarded_hosts": list(args.settings.guarded_hosts),
                "smtp_host": args.settings.mail.host,
                "release": args.release,
            }
        )
        command.local.Command(
            "facts",
            create=f"{PYTHON} -m infra.facts write {folder}/{args.stack}.json",
            delete=f"{PYTHON} -m infra.facts remove {folder}/{args.stack}.json",
            dir="..",
            stdin=Output.json_dumps(self.facts),
            logging=command.local.Logging.STDERR,
            add_previous_output_in_env=False,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})


def write(target: Path, facts: dict[str, object]) -> None:
    """Write the facts and, beside them, a known_hosts file with the pinned host key."""
    target.parent.mkdir(parents=True, exist_ok=True)
    ssh = facts["ssh"]
    if not isinstance(ssh, dict):
        raise TypeError("facts.ssh is an object")
    Path(str(ssh["known_hosts"])).write_text(f"{facts['address']} {ssh['host_key']}\n")
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(facts, indent=2) + "\n")
    partial.replace(target)


def remove(target: Path) -> None:
    """Remove what `write` wrote; absent files are fine."""
    for path in (target, target.with_suffix(".known_hosts")):
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), json.load(sys.stdin))
    else:
        remove(Path(sys.argv[2]))
