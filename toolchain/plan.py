"""Every step that makes a machine ready, in one list."""

from __future__ import annotations

from toolchain.go_tools import STANDIN_TOOLS
from toolchain.graph import Step
from toolchain.steps.actionlint import Actionlint
from toolchain.steps.axe import Axe
from toolchain.steps.base_image import BaseImage
from toolchain.steps.docker_plugins import DockerPlugins
from toolchain.steps.droplet_image import DropletImage
from toolchain.steps.engine import Engine
from toolchain.steps.images import all_images
from toolchain.steps.packages import Packages
from toolchain.steps.plugins import Plugins
from toolchain.steps.pulumi import Pulumi
from toolchain.steps.standin_tools import StandInTool
from toolchain.steps.uv import Uv


def all_steps(*, for_tests: bool = False, for_benches: bool = False) -> list[Step]:
    """Return the steps, the longest first among those that could start together."""
    steps: list[Step] = [
        Packages(for_tests, for_benches),
        Pulumi(),
        Engine(),
        BaseImage(),
        *(StandInTool(tool) for tool in STANDIN_TOOLS.values()),
        DockerPlugins(),
        DropletImage(),
        *all_images(for_tests=for_tests),
        Plugins(),
        Uv(),
    ]
    of_tests: list[Step] = [Axe(), Actionlint()]
    return [*steps, *(of_tests if for_tests else [])]
