"""Puts the plugins into a PULUMI_HOME of the project's own, where the CLI finds them and says nothing."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.plugins.errors import InstallError
from toolchain.plugins.language_python.server import EXECUTOR
from toolchain.plugins.versions import required_plugins

PROVIDERS = ("command", "digitalocean")
_SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
_LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Plugin:
    """One directory under `plugins/`: its executable starts `package`, and `beside` lies next to it."""

    kind: str
    name: str
    version: str
    package: str
    beside: dict[str, str] = field(default_factory=dict)

    @property
    def directory(self) -> str:
        """The name the CLI looks for."""
        return f"{self.kind}-{self.name}-v{self.version}"

    @property
    def executable(self) -> str:
        """The file the CLI starts."""
        return f"pulumi-{self.kind}-{self.name}"


def install(pulumi: Path, pulumi_home: Path, python: Path) -> None:
    """Install the Python language host and the providers for the CLI `pulumi`, run by the interpreter `python`.

    Safe to repeat and to interrupt: each directory is swapped in whole, and only when it differs.
    """
    version = _cli_version(pulumi, pulumi_home)
    python = python.absolute()  # unresolved: the link in the virtual environment is what makes it one
    plugins = [Plugin("language", "python", version, "language_python", {EXECUTOR: _executor_text(pulumi, version)})]
    wanted = {item.name: item.version for item in required_plugins(_site_packages(python))}
    for name in PROVIDERS:
        if name not in wanted:
            raise InstallError(f"{python} has no package pulumi-{name}; install requirements/dev.txt into it first")
        plugins.append(Plugin("resource", name, wanted[name], name))
    folder = pulumi_home / "plugins"
    folder.mkdir(parents=True, exist_ok=True)
    for plugin in plugins:
        _place(plugin, folder, python)


def launcher_text(plugin: Plugin, python: Path) -> str:
    """Return the executable: a shell line, because a shebang takes neither blanks nor long paths."""
    words = shlex.join([str(python), "-P", str(_LAUNCHER), plugin.package])
    return f'#!/bin/sh\nexec {words} "$0" "$@"\n'


def _place(plugin: Plugin, folder: Path, python: Path) -> None:
    files = {plugin.executable: launcher_text(plugin, python), **plugin.beside}
    target = folder / plugin.directory
    (folder / f"{plugin.directory}.partial").unlink(missing_ok=True)  # it would hide the plugin
    if all(_holds(target / name, text) for name, text in files.items()):
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
        fresh, old = Path(scratch, "fresh"), Path(scratch, "old")
        fresh.mkdir()
        for name, text in files.items():
            (fresh / name).write_text(text)
            (fresh / name).chmod(0o755)
        if target.exists():
            target.rename(old)
        fresh.rename(target)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and os.access(path, os.X_OK) and path.read_text() == text


def _cli_version(pulumi: Path, pulumi_home: Path) -> str:
    # Even `version` writes logs into PULUMI_HOME: not into the user's own.
    own = {**os.environ, "PULUMI_HOME": str(pulumi_home.absolute()), "PULUMI_SKIP_UPDATE_CHECK": "1"}
    return _output([str(pulumi.absolute()), "version"], "is that a Pulumi CLI?", own).removeprefix("v")


def _site_packages(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(_output([str(python), "-c", code], "is that a Python interpreter?"))


def _executor_text(pulumi: Path, version: str) -> str:
    """Return the SDK's script that runs a program: from beside the CLI, else from the Go module it was built from."""
    on_path = shutil.which(EXECUTOR)
    for path in (pulumi.resolve().with_name(EXECUTOR), Path(on_path) if on_path else None):
        if path is not None and path.is_file():
            return path.read_text()
    script = _in_module_cache(version)
    if script is not None and script.is_file():
        return script.read_text()
    raise InstallError(
        f"{EXECUTOR} is neither beside {pulumi} nor on PATH nor in the Go module cache; "
        f"run `go mod download {_SDK_MODULE}@v{version}` in a Go module, then again"
    )


def _in_module_cache(version: str) -> Path | None:
    """Return the script in the Go module cache, fetching the module where Go can and it is not there yet."""
    if shutil.which("go") is None:
        return None
    module = f"{_SDK_MODULE}@v{version}"
    cache = _output(["go", "env", "GOMODCACHE"], "is the Go toolchain whole?")
    script = Path(cache, module, "python", "cmd", EXECUTOR)
    if script.is_file():
        return script
    answer = _output(["go", "mod", "download", "-json", module], "is the Go module proxy reachable?")
    return Path(json.loads(answer)["Dir"], "python", "cmd", EXECUTOR)


def _output(argv: list[str], hint: str, env: Mapping[str, str] | None = None) -> str:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=tempfile.gettempdir(), env=env)
    except OSError as error:
        raise InstallError(f"cannot run {argv[0]} ({error.strerror}): {hint}") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip()
        raise InstallError(f"`{shlex.join(argv)}` failed: {said or error.returncode}. {hint}") from error
    return done.stdout.strip()
