"""The parts of the command provider: masks, globs, capture, connection, and a command run here."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from pathlib import Path

import pytest

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.command.capture import TAIL_CHARACTERS, Capture, Stream, shown_streams
from toolchain.plugins.command.connection import check_connection, connection_of
from toolchain.plugins.command.copying import CopyToRemote
from toolchain.plugins.command.errors import CommandFailed, CommandInputError
from toolchain.plugins.command.globs import compile_glob, find_assets
from toolchain.plugins.command.local import LocalCommand, child_environment, run_local
from toolchain.plugins.command.masking import Masker, masker_for
from toolchain.plugins.command.shared import variables_of
from toolchain.plugins.errors import Cancelled, TimedOut
from toolchain.plugins.provider import Context, DiffKind
from toolchain.plugins.tests.conftest import is_alive
from toolchain.plugins.values import UNKNOWN, Archive, Asset, Secret

URN = "urn:pulumi:dev::p::command:local:Command::it"


def mask_of(secret: str, name: str = "stdin") -> Masker:
    return masker_for({name: secret}, frozenset({name}))


def test_a_mask_covers_the_whole_its_lines_and_assigned_values() -> None:
    assert mask_of("first line\nsecond line")("x second line x first line\nsecond line") == "x [secret] x [secret]"
    assert mask_of("export TOKEN='the value'\n")("got the value") == "got [secret]"
    assert mask_of("abc")("abc stays, it is too short to be one") == "abc stays, it is too short to be one"


def test_of_a_document_what_looks_like_a_key_is_masked() -> None:
    secrets = ["postgresql://me:Xy7@db/x", "-----BEGIN\nAbCdEfGh1234\n-----END", "0123456789abcdef", "f3-long-enough"]
    names = ["database_url", "site-1.example.test", "127.0.0.1:5000/slipway/api:0a1b2c3d", "sha256:0123456789ab"]
    prose = ["Release 20 is healthy", "/srv/slipway/data", "api"]
    mask = mask_of(json.dumps({"secrets": [{"value": item} for item in secrets], "rest": [*names, *prose]}))
    assert mask("|".join(names + prose)) == "|".join(names + prose)
    assert mask("|".join([*secrets[:1], "AbCdEfGh1234", *secrets[2:]])) == "|".join(["[secret]"] * 4)


def test_of_a_command_each_word_is_masked() -> None:
    assert mask_of("login --token=planted-word;", "create")("sent planted-word") == "sent [secret]"


def test_a_longer_secret_is_masked_before_one_inside_it() -> None:
    assert Masker(["password", "password-and-more"])("password-and-more password") == "[secret] [secret]"


def test_of_a_connection_only_the_keys_are_masked() -> None:
    connection = {"host": "example", "user": "someone", "privateKey": "PRIVATE", "proxy": {"password": "PASSWORD"}}
    mask = masker_for({"connection": connection, "stdin": "not a secret"}, frozenset({"connection"}))
    assert mask("example someone PRIVATE PASSWORD not a secret") == "example someone [secret] [secret] not a secret"


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("*.txt", ["a.txt"], ["d/a.txt", "a.txt.b"]),
        ("**", ["a", "d/e/f"], []),
        ("src/**.js", ["src/a.js", "src/d/a.js"], ["a.js"]),
        ("a?c", ["abc"], ["a/c", "ac"]),
        ("[a-c]x", ["ax", "cx"], ["dx"]),
        ("[!a-c]x", ["dx"], ["ax"]),
        ("{one,two}.txt", ["one.txt", "two.txt"], ["three.txt"]),
        ("a.b", ["a.b"], ["axb"]),
        (r"\*", ["*"], ["a"]),
        ("a,b}", ["a,b}"], []),
    ],
)
def test_globs_match_as_documented(pattern: str, matching: list[str], others: list[str]) -> None:
    rule = compile_glob(pattern)
    assert [name for name in matching + others if rule.fullmatch(name)] == matching


def test_later_rules_win_and_hashes_are_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name in ("a.txt", "d/b.txt", "d/secret.txt"):
        (tmp_path / name).write_text("x")
    found = find_assets(tmp_path, ["**", "!**secret*"])
    assert sorted(found) == ["a.txt", "d/b.txt"]
    assert found["a.txt"].hash == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def capture_of(chunks: list[bytes], mask: Masker | None = None) -> tuple[Capture, list[str]]:
    said: list[str] = []
    context = Context(URN, log=lambda severity, text, urn, ephemeral: said.append(text))
    capture = Capture(context, frozenset(Stream), mask or Masker([]))
    pending = [*chunks, b""]

    async def read() -> bytes:
        return pending.pop(0)

    asyncio.run(capture.follow(Stream.STDOUT, read))
    return capture, said


def test_lines_are_shown_whole_however_they_come() -> None:
    capture, said = capture_of([b"on", b"e\ntw", b"o\n\nthr\xc3", b"\xa9e"])
    assert said == ["one", "two", "thrée"]
    assert capture.text(Stream.STDOUT) == "one\ntwo\n\nthrée"


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert capture_of([b"\xff\xfe\n"])[0].text(Stream.STDOUT) == "\ufffd\ufffd"


def test_a_tail_is_masked_before_it_is_cut() -> None:
    secret = "s" * 50
    capture, _ = capture_of([(secret + "x" * (TAIL_CHARACTERS - 20)).encode()], Masker([secret]))
    assert "sss" not in capture.tail()
    assert len(capture.tail()) <= TAIL_CHARACTERS + 1


def test_secrets_silence_the_default_logging_only() -> None:
    assert shown_streams(None, derives_from_secret=False) == frozenset(Stream)
    assert shown_streams(None, derives_from_secret=True) == frozenset()
    assert shown_streams("stderr", derives_from_secret=True) == {Stream.STDERR}
    assert shown_streams("none", derives_from_secret=False) == frozenset()


def test_a_connection_gets_its_defaults() -> None:
    result = check_connection({"connection": {"host": "h", "proxy": {"host": "p", "user": "me"}}})
    assert result.failures == []
    connection = connection_of(result.inputs["connection"])
    assert (connection.user, connection.port, connection.dial_error_limit, connection.per_dial_timeout_s) == (
        "root",
        22,
        10,
        15,
    )
    assert connection.proxy is not None
    assert (connection.proxy.user, connection.proxy.endpoint) == ("me", "p:22")


def test_a_connection_is_checked_through_and_its_values_are_never_told() -> None:
    given = {"port": "22", "private_key": "PRIVATE", "proxy": {"host": "p", "proxy": {}}}
    failures = check_connection({"connection": given}).failures
    assert {item.property for item in failures} == {
        "connection.host",
        "connection.port",
        "connection.private_key",
        "connection.proxy.proxy",
    }
    assert "PRIVATE" not in str(failures)
    assert check_connection({"connection": UNKNOWN}).failures == []
    assert check_connection({"connection": {"host": UNKNOWN}}).failures == []
    assert "PRIVATE" not in repr(connection_of({"host": "h", "privateKey": "PRIVATE"}))


def test_an_output_too_long_for_a_variable_is_left_out() -> None:
    variables = variables_of({"environment": {"A": "1"}}, {"stdout": "x" * 200_000, "stderr": "e"}, Context(URN))
    assert variables == {"A": "1", "PULUMI_COMMAND_STDERR": "e"}
    assert variables_of({"addPreviousOutputInEnv": False}, {"stdout": "x"}, Context(URN)) == {}


def test_a_child_gets_no_variable_of_pulumi() -> None:
    assert child_environment({"PULUMI_CONFIG": "x", "HOME": "/"}, {"PULUMI_COMMAND_STDOUT": "y"}) == {
        "HOME": "/",
        "PULUMI_COMMAND_STDOUT": "y",
    }


def test_a_local_command_returns_both_outputs(tmp_path: Path) -> None:
    inputs = {"stdin": "in", "dir": str(tmp_path), "environment": {"V": "v"}}
    outputs = run_local(Context(URN), "cat; echo; pwd; echo $V >&2", inputs, {})
    assert outputs == {"stdout": f"in\n{tmp_path}", "stderr": "v"}
    assert run_local(Context(URN), "print(1 + 1)", {"interpreter": ["python3", "-c"]}, {})["stdout"] == "2"


def test_a_local_command_that_fails_tells_how(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match=r"(?s)exit code 3: running 'echo why; exit 3'.*why"):
        run_local(Context(URN), "echo why; exit 3", {}, {})
    with pytest.raises(CommandFailed, match="killed by SIGKILL"):
        run_local(Context(URN), "kill -KILL $$", {}, {})
    with pytest.raises(CommandFailed, match="cannot start no-such-thing"):
        run_local(Context(URN), "x", {"interpreter": ["no-such-thing"]}, {})
    with pytest.raises(CommandInputError, match="does not exist"):
        run_local(Context(URN), "x", {"dir": str(tmp_path / "none")}, {})


def test_a_failure_shows_no_secret_of_its_command() -> None:
    context = Context(URN, secret_inputs=frozenset({"create"}))
    command = "echo planted-secret; exit 1"
    with pytest.raises(CommandFailed) as caught:
        run_local(context, command, {"create": command}, {})
    assert "planted-secret" not in str(caught.value)


@pytest.mark.parametrize("stubborn", ["", "trap '' TERM; "])
def test_a_cancelled_command_ends_with_its_children(tmp_path: Path, stubborn: str) -> None:
    cancellation = Cancellation()
    context = Context(URN, cancelled=cancellation)
    script = f"{stubborn}sleep 60 & echo $! > {tmp_path}/child; wait; wait"
    threading.Thread(target=lambda: _set_when(cancellation, tmp_path / "child")).start()
    with pytest.raises(Cancelled):
        run_local(context, script, {}, {})
    child = (tmp_path / "child").read_text().strip()
    assert not is_alive(child)


def _set_when(cancellation: Cancellation, path: Path) -> None:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.01)
    cancellation.set()


def test_a_timeout_ends_the_command() -> None:
    with pytest.raises(TimedOut, match=r"running 'sleep 60' took longer than 0\.1 s"):
        run_local(Context(URN, timeout_s=0.1), "sleep 60", {}, {})


def test_outputs_of_secret_inputs_are_secret() -> None:
    context = Context(URN, secret_inputs=frozenset({"stdin"}))
    outputs = LocalCommand().create(context, {"create": "cat", "stdin": "x"}).outputs
    assert outputs["stdout"] == Secret("x")
    assert outputs["stderr"] == Secret("")


def test_a_preview_knows_the_outputs_of_nothing() -> None:
    command = LocalCommand()
    assert command.preview_create(Context(URN), {"delete": "x"})["stdout"] == ""
    created = command.preview_create(Context(URN), {"create": "x", "assetPaths": ["*"]})
    assert {key for key, value in created.items() if value is UNKNOWN} == {"stdout", "stderr", "assets"}
    kept = command.preview_update(Context(URN), "id", {"stdout": "s", "stderr": ""}, {}, {"delete": "y"})
    assert kept["stdout"] == "s"


def test_triggers_replace_and_all_else_updates() -> None:
    changes = LocalCommand().diff(Context(URN), "id", {}, {"triggers": [1], "create": "a"}, {"create": "b"}).changes
    assert changes == {"triggers": DiffKind.DELETE_REPLACE, "create": DiffKind.UPDATE}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Asset(path="x", hash="1"), ""),
        (Archive(path="x", hash="1"), ""),
        (UNKNOWN, ""),
        (Asset(uri="https://example.org/x"), "a remote asset is not fetched from here"),
        (Archive(assets={"a": Asset(text="x")}), "no other archive has support here"),
        ("x", "must be an asset or an archive"),
    ],
)
def test_only_sources_of_this_machine_are_copied(source: object, said: str) -> None:
    inputs = {"connection": {"host": "h"}, "remotePath": "/x", "source": source}
    failures = CopyToRemote().check(Context(URN), {}, inputs).failures
    assert [item.property for item in failures] == (["source"] if said else [])
    assert said in "".join(item.reason for item in failures)
