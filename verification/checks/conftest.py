"""What several checks look at."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from verification.droplet import ROOT, Droplet


@pytest.fixture(scope="session")
def static(droplet: Droplet) -> dict[str, Any]:
    """Traefik's static configuration as it lies on the droplet."""
    found: dict[str, Any] = yaml.safe_load(droplet.run(f"cat {ROOT}/edge/traefik.yml"))
    return found


@pytest.fixture(scope="session")
def dynamic(droplet: Droplet) -> dict[str, Any]:
    """Traefik's dynamic configuration as it lies on the droplet."""
    found: dict[str, Any] = yaml.safe_load(droplet.run(f"cat {ROOT}/edge/dynamic/dynamic.yml"))["http"]
    return found
