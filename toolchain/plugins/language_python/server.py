"""The language host protocol: which plugins a program needs, what it runs on, and running it."""
# ruff: noqa: D102 - the protocol documents its own methods

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import grpc
from google.protobuf.empty_pb2 import Empty

from toolchain.plugins import process
from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.errors import PluginError
from toolchain.plugins.language_python import program, runplugin
from toolchain.plugins.language_python.venv import Environment, find_environment
from toolchain.plugins.values import from_struct
from toolchain.plugins.versions import required_plugins
from toolchain.plugins.wire import language_pb2, language_pb2_grpc, plugin_pb2

EXECUTOR = "pulumi-language-python-exec"
Rpc = grpc.ServicerContext


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers for the programs of one project; `executor` is the SDK's script that runs them."""

    def __init__(self, engine: str, executor: Path, version: str, cancellation: Cancellation) -> None:
        self._engine = engine
        self._executor = executor
        self._version = version
        self._cancellation = cancellation

    def Handshake(self, request: Any, rpc: Rpc) -> Any:
        self._engine = request.engine_address or self._engine
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Empty, rpc: Rpc) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    def Cancel(self, request: Empty, rpc: Rpc) -> Empty:
        self._cancellation.set()
        return Empty()

    def GetRequiredPackages(self, request: Any, rpc: Rpc) -> Any:
        needed = required_plugins(_environment(request.info, rpc).site_packages)
        packages = [
            plugin_pb2.PackageDependency(name=item.name, kind="resource", version=item.version, server=item.server)
            for item in needed
        ]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def GetRequiredPlugins(self, request: Any, rpc: Rpc) -> Any:
        needed = required_plugins(_environment(request.info, rpc).site_packages)
        plugins = [
            plugin_pb2.PluginDependency(name=item.name, kind="resource", version=item.version, server=item.server)
            for item in needed
        ]
        return language_pb2.GetRequiredPluginsResponse(plugins=plugins)

    def Run(self, request: Any, rpc: Rpc) -> Any:
        environment = _environment(request.info, rpc)
        run = program.ProgramRun(
            monitor=request.monitor_address,
            engine=self._engine,
            project=request.project,
            root_directory=request.info.root_directory,
            stack=request.stack,
            pwd=request.pwd or request.info.program_directory,
            is_dry_run=request.dryRun,
            parallel=request.parallel,
            organization=request.organization,
            entry_point=request.info.entry_point or ".",
            args=list(request.args),
            config=dict(request.config),
            config_secret_keys=list(request.configSecretKeys),
        )
        cancellation = Cancellation()
        rpc.add_callback(cancellation.set)  # the engine may drop the call without a Cancel
        with self._cancellation.calling(cancellation.set):
            outcome = program.execute(run, environment, self._executor, cancellation)
        return language_pb2.RunResponse(error=outcome.error, bail=outcome.is_told)

    def About(self, request: Any, rpc: Rpc) -> Any:
        # Asked before the project is known, too: then the host's own interpreter is the answer.
        python = sys.executable
        if request.info.root_directory:
            options = from_struct(request.info.options)
            named = Path(request.info.root_directory, str(options.get("virtualenv", ""))) / "bin" / "python"
            python = str(named) if named.is_file() else python
        asked = subprocess.run([python, "-V"], capture_output=True, text=True, check=False, timeout=10)
        return language_pb2.AboutResponse(executable=python, version=asked.stdout.strip().removeprefix("Python "))

    def GetProgramDependencies(self, request: Any, rpc: Rpc) -> Any:
        site = _environment(request.info, rpc).site_packages
        found = {item.metadata["Name"]: item.version for item in importlib.metadata.distributions(path=[str(site)])}
        dependencies = [language_pb2.DependencyInfo(name=name, version=found[name]) for name in sorted(found)]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def InstallDependencies(self, request: Any, rpc: Rpc) -> Iterator[Any]:
        try:
            environment = find_environment(request.info.root_directory, from_struct(request.info.options))
        except PluginError as failure:
            rpc.abort(grpc.StatusCode.FAILED_PRECONDITION, str(failure))
            raise AssertionError("abort returned") from failure
        line = f"Slipway's language host installs nothing: {environment.root} is used as it is.\n"
        yield language_pb2.InstallDependenciesResponse(stdout=line.encode())

    def RunPlugin(self, request: Any, rpc: Rpc) -> Iterator[Any]:
        environment = _environment(request.info, rpc)
        pack = request.info.program_directory or request.program
        argv = runplugin.command_line(request.kind, pack, list(request.args), environment)
        env = runplugin.variables(list(request.env), environment, os.environ)
        pwd = Path(pack if request.kind == "analyzer" else request.pwd)
        for item in runplugin.stream(argv, pwd, env, self._cancellation):
            if isinstance(item, int):
                yield language_pb2.RunPluginResponse(exitcode=item)
            elif item[0] == "stdout":
                yield language_pb2.RunPluginResponse(stdout=item[1])
            else:
                yield language_pb2.RunPluginResponse(stderr=item[1])


def _environment(info: Any, rpc: Rpc) -> Environment:
    try:
        return find_environment(info.root_directory, from_struct(info.options))
    except PluginError as failure:
        rpc.abort(grpc.StatusCode.FAILED_PRECONDITION, str(failure))
        raise AssertionError("abort returned") from failure


def main() -> NoReturn:
    """Serve as the CLI started us: argv[0] is the plugin's executable, the engine's address comes last."""
    directory = Path(sys.argv[0]).absolute().parent
    cancellation = Cancellation()
    version = directory.name.partition("-v")[2] or importlib.metadata.version("pulumi")
    host = LanguageHost(process.engine_address(sys.argv), directory / EXECUTOR, version, cancellation)

    def register(server: grpc.Server) -> None:
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)

    process.run(register, cancellation)
