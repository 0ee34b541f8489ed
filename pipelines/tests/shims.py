"""What a test runner has for `make`, `sudo`, `slipway` and `pulumi`: it records its words, or passes them on."""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Act as the command that this was called as."""
    name, *words = os.path.basename(sys.argv[1]), *sys.argv[2:]  # noqa: PTH119 - without pathlib this starts in 10 ms
    if name == "sudo":
        words = [word for word in words if not word.startswith("-")]
        name = os.path.basename(words.pop(0))  # noqa: PTH119
    with open(os.environ["SHIM_RECORD"], "a") as stream:  # noqa: PTH123
        stream.write(json.dumps([name, *words]) + "\n")
    real_make = os.environ["SHIM_MAKE"]
    if name == "make" and words[0] == "pipeline":
        # The step itself, for real; the environment is there, and no test makes it anew.
        os.execv(real_make, [real_make, "--old-file=environment", *words])  # noqa: S606
    if name == "make":
        os.execv(real_make, [real_make, "--dry-run", "--silent", *words])  # noqa: S606 - is there such a target?
    if name == "pulumi":
        answer = json.loads(os.environ["SHIM_PULUMI"]).get(words[0], {})
        sys.stdout.write(answer.get("text", ""))
        sys.exit(answer.get("code", 0))
    sys.exit(1 if os.environ["SHIM_FAILING"] == words[0] else 0)


if __name__ == "__main__":
    main()
