"""The program as shipped, held at one moment of one step while a file MARK exists.

`PYTHONPATH=rollout.pyz python held.py MARK MOMENT STEP VERB …`. Droplets get this file alone, so it imports no test.
"""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from rollout.cli import main
from rollout.journal import Journal

BEGUN, AMID, ENDED = "begun", "amid", "ended"


class Holder:
    """Stands between the program and its journal and commands; holds once."""

    def __init__(self, mark: Path, moment: str, step: str) -> None:
        self.mark, self.moment, self.step = mark, moment, step
        self.is_inside = self.is_spent = False
        self.append, self.start = Journal.append, subprocess.Popen.__init__

    def note(self, journal: Journal, event: str, run: str, **facts: Any) -> None:
        """Write the journal's line; hold after a step's first and before its last."""
        is_ours = facts.get("step") == self.step
        if is_ours and event == "done":
            self.hold()
        self.append(journal, event, run, **facts)
        self.is_inside = is_ours and event == "start"
        if self.is_inside and self.moment == BEGUN:
            self.hold()

    def begin(self, process: subprocess.Popen[bytes], *given: Any, **options: Any) -> None:
        """Start a command; hold while the step's first one goes on by itself."""
        self.start(process, *given, **options)
        if self.is_inside and self.moment == AMID:
            self.hold()

    def hold(self) -> None:
        """Tell that this is the moment, then wait for somebody to end this process or take the mark away."""
        if self.is_spent:
            return
        self.is_spent = True
        print(f"held at {self.step}", flush=True)
        while self.mark.exists():
            threading.Event().wait(0.02)


if __name__ == "__main__":
    holder = Holder(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    Journal.append = lambda *given, **facts: holder.note(*given, **facts)  # type: ignore[method-assign]
    subprocess.Popen.__init__ = lambda *given, **options: holder.begin(*given, **options)  # type: ignore[method-assign]
    sys.exit(main(sys.argv[4:]))
