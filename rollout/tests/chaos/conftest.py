"""What the long tests share: images with migrations of their own, and figures that are told at the end."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from rollout.tests.conftest import TABLE, build_image
from rollout.tests.droplet import docker

FIGURES = Path(__file__).parents[3] / "local_run_logs" / "chaos"
Record = Callable[[str, Mapping[str, object]], None]


@pytest.fixture(scope="session")
def adding(images: dict[str, str]) -> Iterator[Callable[[int], str]]:
    """Build images whose migration adds a column of that number; returns the variant's name."""
    tag = f"rollout-test-{uuid.uuid4().hex[:8]}"
    built: list[str] = []

    def build(number: int) -> str:
        name = f"adds-{number}"
        migration = f"{TABLE}; alter table item add column if not exists note_{number} text"
        images[name] = build_image("django", f"{tag}:{name}", MIGRATION=migration)
        built.append(f"{tag}:{name}")
        return name

    yield build
    if built:
        docker("rmi", *built)


@pytest.fixture(scope="session")
def record() -> Record:
    """Keep figures under a name, for the summary and for whoever quotes them."""

    def keep(name: str, figures: Mapping[str, object]) -> None:
        FIGURES.mkdir(parents=True, exist_ok=True)
        (FIGURES / f"{name}.json").write_text(json.dumps(dict(figures), indent=1) + "\n")

    return keep


def pytest_sessionstart(session: pytest.Session) -> None:
    """Forget the figures of an earlier run."""
    if not hasattr(session.config, "workerinput"):
        for path in FIGURES.glob("*.json"):
            path.unlink()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell the figures."""
    for path in sorted(FIGURES.glob("*.json")):
        figures = ", ".join(f"{name} {value}" for name, value in json.loads(path.read_text()).items())
        terminalreporter.write_line(f"chaos {path.stem}: {figures}")
