"""Which tests may run side by side: those of one group share servers, names or a deployment and stay on one worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

ROOT = Path(__file__).parent
# The longest first, since groups are handed out in this order. A file that is under none of these is its own group.
GROUPS = (
    "tests",
    "toolchain/plugins/digitalocean",
    "rollout/tests/chaos/machines",
    "rollout/tests/chaos/test_releases.py",
    "rollout",
    "localcloud/tests/machines",
    "toolchain/plugins/tests",
    "compose",
)


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Hands out whole groups."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByGroup:
    """Schedule by group; xdist's own marker for it is not seen by pytest 9.2."""
    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the groups into order."""
    items.sort(key=lambda item: _rank(group_of(item.path.relative_to(ROOT).as_posix())))


def group_of(file: str) -> str:
    """Return the group of a test file: a folder or file of `GROUPS`, or the file itself."""
    return next((group for group in GROUPS if f"{file}/".startswith(f"{group}/")), file)


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)
