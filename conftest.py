"""Which tests may run side by side: those of one group share servers, names or a deployment and stay on one worker."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
# The longest first, since groups are handed out in this order. A file that is under none of these is its own group.
GROUPS = (
    "tests",
    "toolchain/plugins/digitalocean",
    "rollout",
    "localcloud/tests/machines",
    "toolchain/plugins/tests",
    "apps/tests/integration",
    "compose",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put a test into its group; at once, because pytest-xdist reads the groups when collection ends."""
    item.add_marker(pytest.mark.xdist_group(group_of(item.path)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the groups into order."""
    items.sort(key=lambda item: _rank(group_of(item.path)))


def group_of(file: Path) -> str:
    """Return the group of a test file: a folder of `GROUPS`, or the file itself."""
    name = file.relative_to(ROOT).as_posix()
    return next((folder for folder in GROUPS if name.startswith(folder + "/")), name)


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)
