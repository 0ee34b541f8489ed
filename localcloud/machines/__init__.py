"""The machine side of the local cloud: what makes droplets, disks, networks, names and certificates real."""

from localcloud.machines.place import Place
from localcloud.machines.runtime import LocalRuntime
from localcloud.settings import Settings


def build_runtime(settings: Settings) -> LocalRuntime:
    """Build the runtime of the instance that the settings describe."""
    return LocalRuntime(Place.of(settings))
