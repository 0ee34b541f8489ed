"""The public network: a Docker network whose gateway is the host, with addresses that nothing else uses."""

from localcloud.errors import RuntimeFailure
from localcloud.machines import docker
from localcloud.machines.commands import attempt, run
from localcloud.machines.place import Place


def ensure(place: Place) -> None:
    """Make the public network unless it is there."""
    if docker.inspect("network", place.public_network):
        return
    command = ["docker", "network", "create", "--subnet", str(place.subnet), "--gateway", place.gateway]
    # Docker picks addresses from the first /24 only, so that no container gets a droplet's or a reserved one.
    command += ["--ip-range", f"{place.subnet.network_address}/24", "--label", place.label]
    command += ["--opt", f"com.docker.network.bridge.name={place.public_bridge}", place.public_network]
    done = attempt(command)
    if done.returncode != 0:
        raise RuntimeFailure(
            f"cannot make the public network {place.subnet}: {done.stderr.strip()}. If another instance or network has "
            "this range, give another one with --subnet"
        )


def remove(place: Place) -> None:
    """Remove the public network; whatever else was attached to it is taken off first."""
    found = docker.inspect("network", place.public_network)
    if found is None:
        return
    for container in found["Containers"]:
        run(["docker", "network", "disconnect", "--force", place.public_network, container])
    run(["docker", "network", "rm", place.public_network])
