"""Run the host's tools and turn their failures into messages somebody can act on."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence

from localcloud.errors import RuntimeFailure

PACKAGES = {
    "e2fsck": "e2fsprogs",
    "docker": "docker.io",
    "ip": "iproute2",
    "iptables": "iptables",
    "losetup": "mount",
    "mkfs.ext4": "e2fsprogs",
    "mkfs.xfs": "xfsprogs",
    "mmdebstrap": "mmdebstrap",
    "mount": "mount",
    "nsenter": "util-linux",
    "resize2fs": "e2fsprogs",
}
"""Debian's package for each tool, named when the tool is missing."""

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a tool: ours, with the system folders on PATH even where root's shell lacks them."""
    return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}", **(extra or {})}


def attempt(
    command: Sequence[str], *, stdin: str | None = None, timeout_s: float = 120, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command whose failure is an answer; RuntimeFailure only when it cannot be run or does not end."""
    try:
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, timeout=timeout_s, env=environment(env), check=False
        )
    except FileNotFoundError as error:
        package = PACKAGES.get(command[0], command[0])
        raise RuntimeFailure(f"`{command[0]}` is not installed: run `apt-get install {package}`") from error
    except subprocess.TimeoutExpired as error:
        raise RuntimeFailure(f"`{shlex.join(command)}` did not end within {timeout_s:g} s") from error


def run(
    command: Sequence[str], *, stdin: str | None = None, timeout_s: float = 120, env: Mapping[str, str] | None = None
) -> str:
    """Run a command and return its output; RuntimeFailure carries the command and what it said."""
    done = attempt(command, stdin=stdin, timeout_s=timeout_s, env=env)
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "it printed nothing")[-2000:]
        shown = shlex.join(part if len(part) < 200 else part[:60] + "…" for part in command)
        raise RuntimeFailure(f"`{shown}` failed with code {done.returncode}: {said}")
    return done.stdout.strip()
