"""Copies of local files on other machines: `command:remote:CopyToRemote`."""

from __future__ import annotations

import importlib
import secrets
from typing import ClassVar

from toolchain.plugins.command.asynchronous import run_to_end
from toolchain.plugins.command.connection import check_connection, connection_of
from toolchain.plugins.command.errors import CommandInputError, CopyFailed
from toolchain.plugins.command.remote import load_ssh
from toolchain.plugins.command.shared import Types, wrong_types
from toolchain.plugins.provider import CheckResult, Context, Created, Failure, ReadResult, Resource
from toolchain.plugins.values import UNKNOWN, Archive, Asset, Properties


class CopyToRemote(Resource):
    """Copies a file, a text or a directory by SFTP, and again when its content or its destination changes.

    Nothing over there is ever deleted.
    """

    inputs = frozenset({"connection", "source", "remotePath", "triggers"})
    required = frozenset({"connection", "source", "remotePath"})
    replaces = frozenset({"triggers"})
    types: ClassVar[Types] = {"remotePath": str, "triggers": list}

    def check(self, ctx: Context, olds: Properties, news: Properties) -> CheckResult:
        """Refuse sources that are not on this machine."""
        result = check_connection(news)
        return CheckResult(result.inputs, result.failures + wrong_types(news, self.types) + _bad_source(news["source"]))

    def create(self, ctx: Context, inputs: Properties) -> Created:
        """Copy."""
        _copy(ctx, inputs)
        return Created(secrets.token_hex(4), inputs)

    def read(self, ctx: Context, id: str, inputs: Properties, outputs: Properties) -> ReadResult | None:  # noqa: A002
        """The copy is not looked at: it may have been meant to be consumed."""
        if not inputs and not outputs:
            raise CommandInputError(f"{ctx.name}: a copy cannot be imported, there is nothing to read it from")
        return ReadResult(id, inputs, outputs)

    def update(self, ctx: Context, id: str, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:  # noqa: A002
        """Copy again if the content or the destination differs; a changed connection alone is only noted."""
        if _digest(olds) != _digest(news) or olds.get("remotePath") != news["remotePath"]:
            _copy(ctx, news)
        return news


def _digest(properties: Properties) -> str | None:
    source = properties.get("source")
    return source.hash if isinstance(source, Asset | Archive) else None


def _bad_source(source: object) -> list[Failure]:
    if source is UNKNOWN:
        return []
    if isinstance(source, Asset):
        reason = "must be a FileAsset or a StringAsset: a remote asset is not fetched from here" if source.uri else ""
    elif isinstance(source, Archive):
        reason = (
            "must be a FileArchive of a path: no other archive has support here" if source.uri or source.assets else ""
        )
    else:
        reason = "must be an asset or an archive"
    return [Failure("source", reason)] if reason else []


def _copy(ctx: Context, inputs: Properties) -> None:
    ssh, sftp = load_ssh(), importlib.import_module("toolchain.plugins.command.sftp")
    connection = connection_of(inputs["connection"])
    source, destination = inputs["source"], inputs["remotePath"]
    doing = ssh.Doing()

    async def work() -> None:
        async with ssh.connected(ctx, connection, doing) as link:
            doing.text = f"copying to {connection.endpoint}:{destination}"
            try:
                async with link.start_sftp_client() as client:
                    await sftp.copy(client, source, destination)
            except ssh.BROKEN as error:
                raise CopyFailed(f"copying to {connection.endpoint}:{destination}: {error}") from error

    run_to_end(ctx, work, doing)
