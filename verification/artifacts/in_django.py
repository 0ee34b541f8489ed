"""Runs inside Django's container: several of its commands in one process, since each start takes a second of processor.

The argument is a JSON object, name → words after `manage.py`; what each said and how it ended is printed as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from typing import Any


def run(words: list[str]) -> dict[str, Any]:
    """Run one command as `manage.py` would."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- it is there only where this is sent

    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            execute_from_command_line(["manage.py", *words])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_admin.settings")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 -- as for `python manage.py`
    print(json.dumps({name: run(words) for name, words in json.loads(sys.argv[1]).items()}))
