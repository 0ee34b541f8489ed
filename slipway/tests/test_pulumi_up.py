from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from slipway.errors import Terminated
from slipway.pulumi_up import diagnostics, stream

SAID = """Updating (local):
 +  command:remote:Command rollout creating (2s) error: exit code 1
Diagnostics:
  command:remote:Command (rollout):
    error: too little disk: 1500 MB needed, 190 MB available

Resources:
    2 unchanged
Duration: 2s
"""


def test_the_cause_is_cut_out_of_pulumis_output() -> None:
    assert diagnostics(SAID) == (
        "command:remote:Command (rollout):\n    error: too little disk: 1500 MB needed, 190 MB available"
    )


def test_output_without_diagnostics_is_shown_from_its_end() -> None:
    assert diagnostics("error: no stack named 'x' found\n") == "error: no stack named 'x' found"


def test_lines_are_passed_on_with_the_exit_code() -> None:
    heard: list[str] = []
    script = "import sys; print('one'); print('two', file=sys.stderr, flush=True); sys.exit(3)"
    done = stream([sys.executable, "-u", "-c", script], Path.cwd(), os.environ, heard.append)
    assert (done.code, done.lines) == (3, ["one", "two"])
    assert heard == ["one", "two"]


STOPPABLE = """
import signal, sys
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:
    print("took its work back", flush=True)
"""


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Terminated(15)])
def test_who_is_stopped_waits_until_pulumi_has_ended(stop: KeyboardInterrupt) -> None:
    heard: list[str] = []

    def say(line: str) -> None:
        heard.append(line)
        if line == "ready":
            raise stop

    with pytest.raises(type(stop)):
        stream([sys.executable, "-u", "-c", STOPPABLE], Path.cwd(), os.environ, say)
    assert heard[0] == "ready"
    assert "Ctrl-C again" in heard[1]
    assert heard[-1] == "took its work back"
