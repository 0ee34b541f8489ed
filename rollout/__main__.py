"""`python3 -m rollout`, and what the zipapp starts."""

import sys

from rollout.cli import main

if __name__ == "__main__":
    sys.exit(main())
