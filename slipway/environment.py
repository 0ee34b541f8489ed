"""What a plain `pulumi` needs in its environment to work on a stack from this checkout."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from localcloud.settings import CONFIG_FILE, load_settings
from slipway.project import Project
from toolchain.environment import pulumi_environment

LOCAL = "local"


def stack_environment(project: Project, stack: str, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that differ from `inherited` (default: this process's environment).

    For the local stack that is the whole of it (backend, passphrase file, endpoint, token); another stack's
    backend and credentials are the operator's own.
    """
    inherited = os.environ if inherited is None else inherited
    tools = pulumi_environment(project.root)
    found = dict(tools.variables)
    path = inherited.get("PATH", os.defpath)
    wanted = [str(project.root / ".venv" / "bin")]
    if tools.pulumi.parent == project.state / "bin":
        wanted.append(str(tools.pulumi.parent))
    parts = path.split(os.pathsep)
    found["PATH"] = os.pathsep.join([part for part in wanted if part not in parts] + parts)
    if stack == LOCAL:
        found |= _local(project)
    return {name: value for name, value in found.items() if inherited.get(name) != value}


def _local(project: Project) -> dict[str, str]:
    variables = {
        "PULUMI_BACKEND_URL": f"file://{project.backend}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(project.passphrase),
    }
    if (project.local_cloud / CONFIG_FILE).is_file():
        cloud = load_settings(project.local_cloud)
        variables["DIGITALOCEAN_TOKEN"] = cloud.read_token()
        variables["DIGITALOCEAN_API_URL"] = cloud.api_url
    return variables


def as_shell(variables: Mapping[str, str]) -> str:
    """Return `export` lines for a POSIX shell."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(variables.items()))
