"""Commands on this machine: `command:local:Command` and the function `command:local:run`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from toolchain.plugins.command.asynchronous import run_to_end
from toolchain.plugins.command.capture import Capture, Stream
from toolchain.plugins.command.errors import CommandFailed, CommandInputError
from toolchain.plugins.command.globs import compile_glob, find_assets
from toolchain.plugins.command.shared import (
    CommandResource,
    Types,
    capture_for,
    variables_of,
    wrong_strings,
    wrong_types,
)
from toolchain.plugins.provider import CheckResult, Context, Failure, ReadResult, refuse_unlisted
from toolchain.plugins.values import Archive, Asset, Properties

_CHUNK = 1 << 16
_TERM_PATIENCE_S = 2.0
_BASE_TYPES: Types = {"interpreter": list, "dir": str, "assetPaths": list, "archivePaths": list}
_BASE_INPUTS = frozenset(
    {
        "stdin",
        "logging",
        "interpreter",
        "dir",
        "environment",
        "assetPaths",
        "archivePaths",
        "addPreviousOutputInEnv",
    }
)
_GLOBS = {"assets": "assetPaths", "archive": "archivePaths"}
_TYPES: Types = {**CommandResource.types, **_BASE_TYPES}


class LocalCommand(CommandResource):
    """Runs in a process of its own, by `/bin/sh -c` unless `interpreter` says otherwise."""

    inputs = _BASE_INPUTS | {"triggers", "create", "update", "delete"}
    computed = frozenset({"stdout", "stderr", "assets", "archive"})
    types = _TYPES

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Also try the globs, so that a bad one fails the preview."""
        result = super().check(ctx, olds, news)
        return result if result.failures else CheckResult(result.inputs, _bad_globs(news))

    def kept_outputs(self, old_inputs: Properties, olds: Properties) -> Properties:
        """Files included, by their paths."""
        return with_paths(old_inputs, super().kept_outputs(old_inputs, olds))

    def run(self, ctx: Context, command: str, inputs: Properties, previous: Properties) -> Properties:
        """Run one command here."""
        return run_local(ctx, command, inputs, previous)

    def read(self, ctx: Context, id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:  # noqa: A002
        """Give the files their paths again: old ones come as hashes, and the state would keep only these."""
        result = super().read(ctx, id, inputs, outputs)
        return None if result is None else ReadResult(id, result.inputs, with_paths(inputs, result.outputs))

    def outputs_of(self, inputs: Properties) -> frozenset[str]:
        """Files are an output only where they are asked for."""
        return self.computed - {output for output, globs in _GLOBS.items() if inputs.get(globs) is None}


def run_local(ctx: Context, command: str, inputs: Properties, previous: Properties) -> Properties:
    """Run a command to its end and return its outputs; raises CommandFailed."""
    directory = _directory(inputs)
    if not directory.is_dir():
        raise CommandInputError(f"{ctx.name}: the directory {directory} (input `dir`) does not exist")
    argv = [*(inputs.get("interpreter") or ["/bin/sh", "-c"]), command]
    env = child_environment(os.environ, variables_of(inputs, previous, ctx))
    capture, mask = capture_for(ctx, inputs)
    stdin = (inputs.get("stdin") or "").encode()
    shown = mask(command)
    try:
        code = run_to_end(ctx, lambda: _run(argv, directory, env, stdin, capture), f"running {shown!r}")
    except OSError as error:
        raise CommandFailed(f"cannot start {argv[0]} ({error.strerror})", shown, "") from error
    if code != 0:
        how = f"exit code {code}" if code > 0 else f"killed by {signal.Signals(-code).name}"
        raise CommandFailed(how, shown, capture.tail())
    outputs: Properties = {"stdout": capture.text(Stream.STDOUT), "stderr": capture.text(Stream.STDERR)}
    if inputs.get("assetPaths") is not None:
        outputs["assets"] = find_assets(directory, inputs["assetPaths"])
    if inputs.get("archivePaths") is not None:
        outputs["archive"] = Archive(assets=find_assets(directory, inputs["archivePaths"]))
    return outputs


def with_paths(inputs: Properties, outputs: Properties) -> Properties:
    """Return outputs whose assets name their files again; the hashes stay what they were when the command ran."""
    restored, directory = dict(outputs), _directory(inputs)
    if isinstance(assets := outputs.get("assets"), dict):
        restored["assets"] = {name: Asset(path=str(directory / name), hash=old.hash) for name, old in assets.items()}
    if isinstance(archive := outputs.get("archive"), Archive):
        found = find_assets(directory, inputs.get("archivePaths") or [])
        restored["archive"] = Archive(assets=found, hash=archive.hash)
    return restored


def _directory(inputs: Properties) -> Path:
    return Path(inputs["dir"]).absolute() if inputs.get("dir") else Path.cwd()


def invoke_run(ctx: Context, args: Properties) -> Properties:
    """The function `run`: runs at each preview and update of the program."""
    failures = refuse_unlisted(args, _BASE_INPUTS | {"command"}, "command:local:run") + wrong_types(args, _TYPES)
    failures += wrong_strings(args, ("environment", "interpreter")) + _bad_globs(args)
    if failures or not isinstance(args.get("command"), str):
        said = "; ".join(f"{item.property}: {item.reason}" for item in failures) or "command: is required"
        raise CommandInputError(f"command:local:run: {said}")
    return {**args, **run_local(ctx, args["command"], args, {})}


def child_environment(environ: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a child: ours without Pulumi's own, which hold the passphrase and decrypted secrets."""
    return {**{key: value for key, value in environ.items() if not key.startswith("PULUMI_")}, **added}


def _bad_globs(inputs: Properties) -> list[Failure]:
    failures = wrong_strings(inputs, tuple(_GLOBS.values()))
    for key in _GLOBS.values():
        for pattern in inputs.get(key) or []:
            try:
                compile_glob(str(pattern))
            except CommandInputError as error:
                failures.append(Failure(key, str(error)))
    return failures


async def _run(argv: list[str], directory: Path, env: dict[str, str], stdin: bytes, capture: Capture) -> int:
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *argv,
            cwd=directory,
            env=env,
            stdin=asyncio.subprocess.PIPE if stdin else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    )
    try:
        process = await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _end(await starting)  # asyncio would kill the leader alone and wait for what it started
        raise
    return await _attend(process, stdin, capture)


async def _attend(process: asyncio.subprocess.Process, stdin: bytes, capture: Capture) -> int:
    assert process.stdout is not None  # noqa: S101 - asked for above
    assert process.stderr is not None  # noqa: S101
    out, err = process.stdout, process.stderr
    try:
        await asyncio.gather(
            _feed(process, stdin),
            capture.follow(Stream.STDOUT, lambda: out.read(_CHUNK)),
            capture.follow(Stream.STDERR, lambda: err.read(_CHUNK)),
        )
        return await process.wait()
    except BaseException:
        await _end(process)
        raise


async def _feed(process: asyncio.subprocess.Process, stdin: bytes) -> None:
    if process.stdin is None:
        return
    try:
        process.stdin.write(stdin)
        await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()
    except (BrokenPipeError, ConnectionResetError):
        return  # it does not care to read: its exit code tells what it thinks


async def _end(process: asyncio.subprocess.Process) -> None:
    """Stop the command and what it started; it leads a session of its own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            await asyncio.wait_for(process.wait(), _TERM_PATIENCE_S)
        except TimeoutError:
            continue
