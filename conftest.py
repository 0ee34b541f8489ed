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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put every test into its group, and the groups into order; alone on one worker the order of files stays."""
    if not config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item.path)))
    items.sort(key=lambda item: _rank(group_of(item.path)))


def group_of(file: Path) -> str:
    """Return the group of a test file: a folder of `GROUPS`, or the file itself."""
    name = file.relative_to(ROOT).as_posix()
    return next((folder for folder in GROUPS if name.startswith(folder + "/")), name)


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)
