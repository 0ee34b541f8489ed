"""SSH as the remote resources need it: a checked host key, patience while a machine boots, and errors one can act on.

Imported at the first remote operation only: asyncssh takes half a second, which a preview without one need not pay.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncssh

from toolchain.plugins.command.capture import Capture, Stream
from toolchain.plugins.command.connection import Connection
from toolchain.plugins.command.errors import CannotConnect, CommandFailed, CommandInputError
from toolchain.plugins.provider import Context

_CHUNK = 1 << 16
_KEEPALIVE_S = 15
_KEEPALIVE_MISSES = 4
_FIRST_DELAY_S = 0.1
_DELAY_GROWTH = 1.5
_LONGEST_DELAY_S = 5.0
_REMOTE_END_S = 2.0

# Ends what this connection's sessions run: all are children of one sshd, and each leads a process group. A signal
# request would not do: OpenSSH refuses it for root, whose sessions run without privilege separation.
_END_SIBLINGS = """exec /bin/sh -c '
siblings() {
  all=
  read -r all < /proc/$PPID/task/$PPID/children  # no newline ends it, so its status says nothing
  [ "$all" ] || all=$(pgrep -P $PPID | tr "\\n" " ")
  others=
  for process in $all; do [ "$process" = "$$" ] || others="$others $process"; done
  [ "$others" ]
}
for signal in TERM 0 0 0 0 0 KILL; do
  siblings || exit 0
  for process in $others; do kill -s $signal -- -$process; done
  sleep 0.2
done 2>/dev/null'"""

BROKEN = (asyncssh.Error, OSError)


class Doing:
    """What is being done now, for the message of a timeout that comes in the middle of it."""

    def __init__(self) -> None:
        self.text = "connecting"

    def __str__(self) -> str:
        return self.text


@asynccontextmanager
async def connected(ctx: Context, connection: Connection, doing: Doing) -> AsyncIterator[asyncssh.SSHClientConnection]:
    """Connect, through the proxy if there is one; raises CannotConnect."""
    if connection.proxy is None:
        async with await _dial(ctx, connection, doing, "Dial") as direct:
            yield direct
        return
    async with (
        await _dial(ctx, connection.proxy, doing, "Dial proxy") as proxy,
        await _dial(ctx, connection, doing, "Dial from proxy", proxy) as through,
    ):
        yield through


async def run_remote(
    link: asyncssh.SSHClientConnection, command: str, env: dict[str, str], stdin: bytes, capture: Capture
) -> tuple[int | None, str]:
    """Run a command to its end; return its exit code (None: none came) and the signal that ended it, or ""."""
    try:
        # Not as a context: leaving one waits for the command's end, which a cancellation has yet to bring about.
        process = await link.create_process(command, env=env, encoding=None)
        await asyncio.gather(
            _feed(process, stdin),
            capture.follow(Stream.STDOUT, lambda: process.stdout.read(_CHUNK)),
            capture.follow(Stream.STDERR, lambda: process.stderr.read(_CHUNK)),
        )
        await process.wait_closed()
        return process.exit_status, process.exit_signal[0] if process.exit_signal else ""
    except asyncio.CancelledError:
        await _end(link)
        raise


async def refuse_lost_variables(link: asyncssh.SSHClientConnection, env: dict[str, str]) -> None:
    """Fail for variables that the server's AcceptEnv drops: it does so without a word."""
    if not env:
        return
    seen = await link.run("env", env=env, encoding="utf-8", errors="replace", stdin=asyncssh.DEVNULL)
    names = {line.partition("=")[0] for line in str(seen.stdout).splitlines()}
    if lost := sorted(env.keys() - names):
        raise CommandInputError(
            f"the SSH server does not accept the environment variables {', '.join(lost)}: "
            "allow them by AcceptEnv in its sshd_config, put VAR=value before the command, or pass the values by stdin"
        )


def lost_connection(connection: Connection, error: Exception, command: str, tail: str) -> CommandFailed:
    """Return the error for a connection that broke while the command ran."""
    return CommandFailed(f"the connection to {connection.endpoint} broke ({_cause(error)})", command, tail)


async def _dial(
    ctx: Context,
    connection: Connection,
    doing: Doing,
    what: str,
    tunnel: asyncssh.SSHClientConnection | None = None,
) -> asyncssh.SSHClientConnection:
    host_keys = _host_keys(connection)
    private_key = _private_key(connection)
    limit = connection.dial_error_limit
    failed, delay_s = 0, _FIRST_DELAY_S
    doing.text = f"connecting to {connection.user}@{connection.endpoint}"
    while True:
        try:
            return await _dial_once(connection, private_key, host_keys, tunnel)
        except (OSError, asyncssh.Error) as error:
            failed += 1
            cause = _cause(error)
            if -1 < limit < failed:
                raise CannotConnect(_report(connection, failed, cause, _hint(error, connection))) from error
        doing.text = f"connecting to {connection.user}@{connection.endpoint} (attempt {failed} failed: {cause})"
        shown_limit = "inf" if limit == -1 else limit
        await asyncio.to_thread(
            ctx.log, "info", f"{what} {failed}/{shown_limit} failed: retrying ({cause})", ephemeral=True
        )
        await asyncio.sleep(delay_s)
        delay_s = min(delay_s * _DELAY_GROWTH, _LONGEST_DELAY_S)


async def _dial_once(
    connection: Connection,
    private_key: asyncssh.SSHKey | None,
    host_keys: Any,
    tunnel: asyncssh.SSHClientConnection | None,
) -> asyncssh.SSHClientConnection:
    agent = await _agent(connection)
    try:
        keys: list[Any] = [private_key] if private_key is not None else []
        keys += list(await agent.get_keys()) if agent is not None else []
        return await asyncssh.connect(
            connection.host,
            connection.port,
            tunnel=tunnel or (),
            config=None,  # the operator's ~/.ssh/config has no say in a deployment
            known_hosts=host_keys,
            username=connection.user,
            password=connection.password,
            client_keys=keys or None,
            preferred_auth="publickey,keyboard-interactive,password",
            connect_timeout=connection.per_dial_timeout_s or None,
            keepalive_interval=_KEEPALIVE_S,
            keepalive_count_max=_KEEPALIVE_MISSES,
        )
    finally:
        if agent is not None:
            agent.close()


async def _agent(connection: Connection) -> asyncssh.SSHAgentClient | None:
    path = connection.agent_socket_path or os.environ.get("SSH_AUTH_SOCK")
    if not path:
        return None
    try:
        return await asyncssh.connect_agent(path)
    except OSError as error:
        if connection.agent_socket_path is None:
            return None  # a stale variable in somebody's shell
        raise CommandInputError(f"connection.agentSocketPath: no SSH agent answers at {path} ({error})") from error


def _host_keys(connection: Connection) -> Any:
    """Return what asyncssh should trust: the one key given, or (None) any."""
    if connection.host_key is None:
        return None
    try:
        return ([asyncssh.import_public_key(connection.host_key)], [], [])
    except asyncssh.KeyImportError as error:
        raise CommandInputError(
            f"connection.hostKey for {connection.host} is no public key ({error}); "
            "it is one line as in an authorized_keys file, such as `ssh-ed25519 AAAA…`"
        ) from error


def _private_key(connection: Connection) -> asyncssh.SSHKey | None:
    if connection.private_key is None:
        return None
    try:
        return asyncssh.import_private_key(connection.private_key, connection.private_key_password)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise CommandInputError(
            f"connection.privateKey for {connection.host} cannot be read ({error}); "
            "it is the whole text of the key file, with connection.privateKeyPassword if it is encrypted"
        ) from error


def _cause(error: Exception) -> str:
    if isinstance(error, asyncssh.Error):
        return error.reason or type(error).__name__
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)  # asyncio's own text is "Connect call failed (…)"
    return str(error) or type(error).__name__


def _report(connection: Connection, failed: int, cause: str, hint: str) -> str:
    times = "once" if failed == 1 else f"{failed} times"
    return f"cannot connect to {connection.user}@{connection.endpoint}: tried {times}, at last: {cause}. Check {hint}"


def _hint(error: Exception, connection: Connection) -> str:
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return "connection.hostKey: the machine that answered has another key; never take it on trust"
    if isinstance(error, asyncssh.PermissionDenied):
        return f"that {connection.user} may log in there with this key or password"
    return "that the machine is up, that its firewall lets this address in, and the port"


async def _feed(process: asyncssh.SSHClientProcess[bytes], stdin: bytes) -> None:
    try:
        if stdin:
            process.stdin.write(stdin)
            await process.stdin.drain()
        process.stdin.write_eof()
    except (BrokenPipeError, ConnectionResetError, asyncssh.ConnectionLost):
        return  # the command does not care to read; how it ended says the rest


async def _end(link: asyncssh.SSHClientConnection) -> None:
    """Leave nothing running over there; if that does not work in time, the connection is cut."""
    try:
        async with asyncio.timeout(_REMOTE_END_S):
            await link.run(_END_SIBLINGS, stdin=asyncssh.DEVNULL)
    except (TimeoutError, OSError, asyncssh.Error):
        link.abort()
