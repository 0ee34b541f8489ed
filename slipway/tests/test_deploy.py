from __future__ import annotations

import os
import sys
from pathlib import Path

from slipway.deploy import _diagnostics, stream

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
    assert _diagnostics(SAID) == (
        "command:remote:Command (rollout):\n    error: too little disk: 1500 MB needed, 190 MB available"
    )


def test_output_without_diagnostics_is_shown_from_its_end() -> None:
    assert _diagnostics("error: no stack named 'x' found\n") == "error: no stack named 'x' found"


def test_lines_are_passed_on_and_the_exit_code_comes_last() -> None:
    heard: list[str] = []
    script = "import sys; print('one'); print('two', file=sys.stderr, flush=True); sys.exit(3)"
    lines = list(stream([sys.executable, "-u", "-c", script], Path.cwd(), os.environ, heard.append))
    assert lines == ["one", "two", "3"]
    assert heard == ["one", "two"]
