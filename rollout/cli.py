"""The verbs of `rollout`, their options, and what they print."""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rollout.backup import take_backup
from rollout.deeds import Slipway
from rollout.errors import RolloutError, UsageFault
from rollout.host import Host
from rollout.layout import Layout
from rollout.redact import Redactor
from rollout.restore import forget_restore, restore, undo_restore
from rollout.status import read_facts, read_logs, read_releases, read_status

OK, FAILED = 0, 1


class Output:
    """Prints without secrets, and never lets a closed terminal end a rollout."""

    def __init__(self, redact: Redactor) -> None:
        self.redact = redact

    def line(self, text: str) -> None:
        """Print a line."""
        self._print(text, sys.stdout)

    def aside(self, text: str) -> None:
        """Print a line of progress beside a result that a program reads from stdout."""
        self._print(text, sys.stderr)

    def fault(self, fault: RolloutError) -> None:
        """Print the tail of the log that explains a failure, then the message itself."""
        for line in fault.tail:
            self._print(f"  | {line}", sys.stderr)
        self._print(f"error: {fault}", sys.stderr)

    def _print(self, text: str, stream: Any) -> None:
        try:
            print(self.redact(text), file=stream, flush=True)
        except BrokenPipeError:
            # Whoever started us is gone (a lost SSH connection); the journal goes on telling.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code: 0 done, 1 failed (nothing lost), 2 usage or configuration, 4 locked."""
    options = _parser().parse_args(arguments)
    redact = Redactor()
    output = Output(redact)
    slipway = Slipway(
        Host(),
        Layout(options.root.absolute(), options.namespace),
        redact,
        output.aside if options.json else output.line,
    )
    verb: Callable[[Slipway, argparse.Namespace, Output], None] = options.act
    try:
        verb(slipway, options, output)
    except RolloutError as fault:
        return _told(output, fault)
    except Exception as fault:  # noqa: BLE001 - the outermost layer
        trace = tuple(traceback.format_exc().splitlines())
        return _told(
            output,
            RolloutError(f"{type(fault).__name__}: {fault}", todo="report this; it was not foreseen", tail=trace),
        )
    return OK


def _told(output: Output, fault: RolloutError) -> int:
    output.fault(fault)
    output.line(json.dumps({"error": type(fault).__name__, "message": str(fault), "changed": False}))
    return fault.exit_code


def _apply(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    _require_root(slipway.host)
    output.line(json.dumps(slipway.apply(sys.stdin.read(), options.lock_wait, options.revision)))


def _rollback(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    _require_root(slipway.host)
    output.line(json.dumps(slipway.rollback(options.release, options.lock_wait)))


def _backup(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    _require_root(slipway.host)
    output.line(json.dumps(slipway.on_the_database(take_backup, options.lock_wait)))


def _restore(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    _require_root(slipway.host)
    if sum((options.dump is not None, options.undo, options.forget)) != 1:
        raise UsageFault("name a dump, or --undo, or --forget", todo="rollout restore --help")
    if options.dump is not None and not options.dump.is_file():
        raise UsageFault(f"there is no dump {options.dump}", todo=f"choose one of {slipway.layout.backups}")
    act = undo_restore if options.undo else forget_restore if options.forget else partial(restore, dump=options.dump)
    output.line(json.dumps(slipway.on_the_database(act, options.lock_wait)))


def _settle(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    _require_root(slipway.host)
    output.line(json.dumps(slipway.settle(options.lock_wait)))


def _unlock(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    _require_root(slipway.host)
    output.line(json.dumps(slipway.unlock(options.wait, force=options.force)))


def _require_root(host: Host) -> None:
    if not host.is_root():
        raise RolloutError("rollout must run as root", todo="log in as root, or use sudo")


def _releases(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    rows = read_releases(slipway)
    if options.json:
        output.line(json.dumps({"releases": rows}))
        return
    for row in rows:
        output.line(f"{row['id']}  {row['created']}  {row['state']}")


def _status(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    status = read_status(slipway)
    if options.json:
        output.line(json.dumps(status))
        return
    output.line(f"release   {status['release'] or 'none'}\nprevious  {status['previous'] or 'none'}")
    for row in status["services"]:
        output.line(f"  {row['name']:<12} {row['state']:<10} {row['health']}")
    output.line(f"lock      {status['locked_by'] or 'free'}")
    output.line(f"free      {status['disk_free_mb']} MB disk, {status['memory_free_mb']} MB memory")


def _logs(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    for line in read_logs(slipway, options.service, options.lines):
        output.line(line)


def _collect(slipway: Slipway, options: argparse.Namespace, output: Output) -> None:
    output.line(json.dumps(read_facts(slipway)))


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root", type=Path, default=Path("/srv/slipway"), help="where everything lies (default: %(default)s)"
    )
    common.add_argument(
        "--namespace", default="", help="prefix of the Docker objects, when an engine holds several roots"
    )
    common.add_argument(
        "--json", action="store_true", help="print the result alone on stdout, as JSON, and progress on stderr"
    )
    locking = argparse.ArgumentParser(add_help=False)
    locking.add_argument(
        "--lock-wait", type=float, default=0, metavar="SECONDS", help="wait so long for another rollout to end"
    )
    parser = argparse.ArgumentParser(prog="rollout", description="Releases on this droplet.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    def verb(
        name: str, act: Callable[..., None], words: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=words, description=words, parents=[common, *parents])
        added.set_defaults(act=act)
        return added

    apply = verb("apply", _apply, "roll out the bundle read from standard input", locking)
    apply.add_argument("--revision", help="refuse a bundle of any other; it shows what comes in a plan made beforehand")
    back = verb("rollback", _rollback, "go back to a release: images, configuration and routes together", locking)
    back.add_argument("release", nargs="?", help="its id (default: the one that served before)")
    verb("backup", _backup, "dump the database, and prove the dump by restoring it beside", locking)
    back = verb("restore", _restore, "let a dump take the live database's place, which is put aside", locking)
    back.add_argument("dump", nargs="?", type=Path, help="its file")
    back.add_argument("--undo", action="store_true", help="let what was put aside take its place again")
    back.add_argument("--forget", action="store_true", help="remove what was put aside")
    verb("settle", _settle, "bring a rollout that was cut short to its end, as every boot of a droplet does", locking)
    unlock = verb("unlock", _unlock, "end the rollout that holds the lock; it takes its work back first")
    unlock.add_argument(
        "--wait", type=float, default=120, metavar="SECONDS", help="for its way back (default: %(default)s)"
    )
    unlock.add_argument("--force", action="store_true", help="kill it if it is still there then")
    verb("releases", _releases, "list the releases on this droplet, newest first")
    verb("status", _status, "say what runs")
    logs = verb("logs", _logs, "print the end of a service's log, without secrets")
    logs.add_argument("service")
    logs.add_argument("--lines", type=int, default=100)
    verb("collect", _collect, "print what verification looks at, as JSON, without secrets")
    return parser
