"""What tests of commands share: an empty checkout, and a local cloud's API in this process, without machines."""

from pathlib import Path

import pytest

from localcloud.tests.conftest import local, runtime, serve, stage
from slipway.project import Project

__all__ = ["local", "project", "runtime", "serve", "stage"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A checkout without a stack, where the shell is; no token comes from outside."""
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return Project(tmp_path)
