"""Remote commands against a real sshd, by the resource itself."""

from __future__ import annotations

import threading
from pathlib import Path

import asyncssh
import pytest

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.command.errors import CannotConnect, CommandFailed, CommandInputError
from toolchain.plugins.command.remote import RemoteCommand
from toolchain.plugins.errors import Cancelled, TimedOut
from toolchain.plugins.provider import Context
from toolchain.plugins.tests.conftest import Sshd, await_true, is_alive
from toolchain.plugins.values import Properties, Secret

pytestmark = pytest.mark.pulumi


def create(sshd: Sshd, ctx: Context | None = None, **inputs: object) -> Properties:
    ctx = ctx or Context("urn:pulumi:dev::p::command:remote:Command::it")
    checked = RemoteCommand().check(ctx, {}, {"connection": sshd.connection(), **inputs})
    assert checked.failures == []
    return RemoteCommand().create(ctx, checked.inputs).outputs


def test_outputs_come_back_apart_and_whole(sshd: Sshd) -> None:
    outputs = create(sshd, create="echo out; echo more; echo err >&2; printf 'no newline'")
    assert outputs["stdout"] == "out\nmore\nno newline"
    assert outputs["stderr"] == "err"


def test_megabytes_travel_both_ways(sshd: Sshd) -> None:
    text = "0123456789abcde\n" * 400_000
    outputs = create(sshd, create="tee /dev/stderr", stdin=text, logging="none")
    assert outputs["stdout"] == text.removesuffix("\n")
    assert outputs["stderr"] == text.removesuffix("\n")


def test_a_command_that_ignores_its_stdin_succeeds(sshd: Sshd) -> None:
    assert create(sshd, create="echo done", stdin="x" * 10_000_000)["stdout"] == "done"


def test_a_command_without_stdin_reads_nothing(sshd: Sshd) -> None:
    assert create(sshd, create="cat; echo ended")["stdout"] == "ended"


def test_failure_tells_code_place_and_tail(sshd: Sshd) -> None:
    with pytest.raises(CommandFailed, match=r"(?s)exit code 7 on 127\.0\.0\.1:\d+.*'echo first.*first\nsecond$"):
        create(sshd, create="echo first; echo second >&2; exit 7")


def test_a_signal_is_named(sshd: Sshd) -> None:
    with pytest.raises(CommandFailed, match="ended by signal KILL"):
        create(sshd, create="kill -KILL $$")


def test_accepted_variables_arrive_and_others_fail_by_name(sshd: Sshd) -> None:
    assert create(sshd, create="echo $ALLOWED_ONE", environment={"ALLOWED_ONE": "1"})["stdout"] == "1"
    with pytest.raises(CommandInputError, match=r"REFUSED_ONE.*AcceptEnv"):
        create(sshd, create="echo $REFUSED_ONE", environment={"REFUSED_ONE": "1", "ALLOWED_ONE": "1"})


def test_the_pinned_host_key_is_asked_for_and_taken(sshd: Sshd) -> None:
    other = asyncssh.read_private_key(str(sshd.folder / "other_host")).export_public_key().decode()
    assert create(sshd, create="echo in", connection=sshd.connection(hostKey=other))["stdout"] == "in"


def test_another_host_key_is_refused(sshd: Sshd) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(CannotConnect, match="never take it on trust"):
        create(sshd, create="echo in", connection=sshd.connection(hostKey=stranger, dialErrorLimit=0))


def test_a_stranger_key_is_refused_with_what_to_check(sshd: Sshd) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    with pytest.raises(CannotConnect, match=r"tried 2 times.*may log in there"):
        create(sshd, create="echo in", connection=sshd.connection(privateKey=stranger))


def test_an_encrypted_key_needs_its_password(sshd: Sshd) -> None:
    key = asyncssh.import_private_key(sshd.private_key)
    encrypted = key.export_private_key(passphrase="open sesame", rounds=1, ignore_few_rounds=True).decode()
    connection = sshd.connection(privateKey=encrypted, privateKeyPassword="open sesame")
    assert create(sshd, create="echo in", connection=connection)["stdout"] == "in"
    with pytest.raises(CommandInputError, match="privateKeyPassword"):
        create(sshd, create="echo in", connection=sshd.connection(privateKey=encrypted))


def test_text_that_is_no_key_is_named_and_not_shown(sshd: Sshd) -> None:
    for name in ("privateKey", "hostKey"):
        with pytest.raises(CommandInputError, match=f"connection.{name}") as caught:
            create(sshd, create="echo in", connection=sshd.connection(**{name: "not a key at all"}))
        assert "not a key at all" not in str(caught.value)


def test_nobody_listening_is_told_with_address_and_tries(stopped_sshd: Sshd) -> None:
    with pytest.raises(CannotConnect, match=rf"127\.0\.0\.1:{stopped_sshd.port}: tried 3 times.*refused.*firewall"):
        create(stopped_sshd, create="echo in", connection=stopped_sshd.connection(dialErrorLimit=2))


def test_it_waits_for_a_machine_that_boots(stopped_sshd: Sshd) -> None:
    said = threading.Event()
    ctx = Context("urn:a::b::c::it", log=lambda severity, text, urn, ephemeral: said.set())

    def start_late() -> None:
        said.wait(10)
        stopped_sshd.start()

    starter = threading.Thread(target=start_late)
    starter.start()
    connection = stopped_sshd.connection(dialErrorLimit=-1)
    assert create(stopped_sshd, ctx, create="echo up", connection=connection)["stdout"] == "up"
    starter.join()


def test_a_timeout_names_what_it_waited_for(stopped_sshd: Sshd) -> None:
    ctx = Context("urn:a::b::c::it", timeout_s=0.5)
    with pytest.raises(TimedOut, match=r"connecting to .*refused.*longer than 0\.5 s"):
        create(stopped_sshd, ctx, create="echo up", connection=stopped_sshd.connection(dialErrorLimit=-1))


def test_a_proxy_is_gone_through(sshd: Sshd) -> None:
    connection = sshd.connection(proxy=sshd.connection())
    assert create(sshd, create="echo through", connection=connection)["stdout"] == "through"


def test_cancelling_ends_what_runs_over_there(sshd: Sshd, tmp_path: Path) -> None:
    cancellation = Cancellation()
    ctx = Context("urn:a::b::c::it", cancelled=cancellation)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            create(
                sshd, ctx, create=f"(sleep 600 & echo $! > {tmp_path}/inner; wait) & echo $$ > {tmp_path}/outer; wait"
            )
        except Cancelled as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    pids = [tmp_path / "inner", tmp_path / "outer"]
    await_true(lambda: all(path.exists() and path.read_text().strip() for path in pids), "the command started")
    cancellation.set()
    thread.join(30)  # the command would take minutes
    assert raised
    await_true(lambda: not any(is_alive(path.read_text()) for path in pids), "nothing is left over there")


def test_a_broken_connection_is_told_with_the_output_so_far(sshd: Sshd) -> None:
    # The session's parent is the sshd that serves this one connection.
    with pytest.raises(CommandFailed, match=r"(?s)the connection to 127\.0\.0\.1:\d+ .*so far"):
        create(sshd, create="echo so far; kill -KILL $PPID; sleep 5")


def test_previous_output_is_offered_but_never_forced(sshd: Sshd) -> None:
    ctx = Context("urn:a::b::c::it")
    inputs = RemoteCommand().check(ctx, {}, {"connection": sshd.connection(), "create": "echo again"}).inputs
    outputs = RemoteCommand().update(ctx, "id", {"stdout": "before", "stderr": ""}, inputs, inputs)
    assert outputs["stdout"] == "again"


def test_a_secret_stdin_makes_outputs_secret_and_logs_nothing(sshd: Sshd) -> None:
    said: list[str] = []
    ctx = Context(
        "urn:a::b::c::it",
        secret_inputs=frozenset({"stdin", "connection"}),
        log=lambda severity, text, urn, ephemeral: said.append(text),
    )
    outputs = create(sshd, ctx, create="cat; echo progress >&2", stdin="a planted secret")
    assert outputs["stdout"] == Secret("a planted secret")
    assert said == []


def test_asked_for_logging_is_masked(sshd: Sshd) -> None:
    said: list[str] = []
    ctx = Context(
        "urn:a::b::c::it",
        secret_inputs=frozenset({"stdin"}),
        log=lambda severity, text, urn, ephemeral: said.append(text),
    )
    create(sshd, ctx, create="cat; echo; echo progress", stdin="a planted secret", logging="stdout")
    assert said == ["[secret]", "progress"]
