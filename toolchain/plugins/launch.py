"""Starts one plugin out of this checkout: `python -P launch.py NAME EXECUTABLE [flags] ENGINE`.

The executables under PULUMI_HOME name this file, so that a plugin runs the code it was installed from whatever the
working directory and the interpreter's own packages are. It stays tiny: a script run as main is compiled each time.
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    _, name, *sys.argv = sys.argv
    runpy.run_module(f"toolchain.plugins.{name}", run_name="__main__")
