from __future__ import annotations

from pathlib import Path

import pytest

from toolchain.errors import CommandFailed, ToolMissing
from toolchain.tests.fakes import session_in


def test_a_failure_carries_the_command_the_log_and_the_last_lines(tmp_path: Path) -> None:
    shell = session_in(tmp_path, PATH="/usr/bin:/bin").shell
    with pytest.raises(CommandFailed) as caught:
        shell.run(["sh", "-c", "seq 1 40; exit 7"], timeout_s=9, mend="count again")
    text = str(caught.value)
    assert "ended with 7" in text
    assert f"where: {shell.log}" in text
    assert "mend:  count again" in text
    assert caught.value.tail == [str(number) for number in range(26, 41)]
    assert "\n1\n2\n" in shell.log.read_text()


def test_a_tool_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    shell = session_in(tmp_path, PATH="/usr/bin:/bin").shell
    with pytest.raises(CommandFailed, match=r"was not done in 0 s"):
        shell.run(["sh", "-c", "sleep 600 & wait"], timeout_s=0.2, mend="-")


def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="no-such-tool is not on this machine"):
        session_in(tmp_path).shell.run(["no-such-tool"], timeout_s=9, mend="-")


def test_a_question_never_raises(tmp_path: Path) -> None:
    shell = session_in(tmp_path, PATH="/usr/bin:/bin").shell
    assert not shell.ask(["no-such-tool"]).is_yes
    assert not shell.ask(["sleep", "600"], timeout_s=0.1).is_yes
    assert shell.ask(["echo", "hello"]).text == "hello"


def test_an_answer_leaves_out_what_a_tool_only_grumbles(tmp_path: Path) -> None:
    shell = session_in(tmp_path, PATH="/usr/bin:/bin").shell
    assert shell.ask(["sh", "-c", "echo warning >&2; echo 1.2"]).text == "1.2"
