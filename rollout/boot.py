"""What a boot of the droplet does by itself: containers come back by Docker, a rollout that was cut short by this."""

from pathlib import Path

from rollout.host import Host
from rollout.layout import Layout

_UNITS = Path("/etc/systemd/system")


def settle_at_boot(host: Host, layout: Layout) -> None:
    """Install the service that ends what a power cut interrupted; without systemd the next rollout does it."""
    if not host.has_systemd():
        return
    name = f"{layout.prefix}slipway-settle.service"
    unit = _UNITS / name
    namespace = f" --namespace {layout.namespace}" if layout.namespace else ""
    text = (
        "[Unit]\nDescription=Bring a release that was cut short to its end\n"
        f"Requires=docker.service\nAfter=docker.service\nConditionPathExists={layout.engine}\n\n"
        "[Service]\nType=oneshot\nTimeoutStartSec=15min\n"
        f"ExecStart=/usr/bin/python3 {layout.engine} settle --root {layout.root}{namespace} --lock-wait 600\n\n"
        "[Install]\nWantedBy=multi-user.target\n"
    )
    if unit.exists() and unit.read_text() == text:
        return
    host.write(unit, text)
    host.run(["systemctl", "daemon-reload"])
    host.run(["systemctl", "enable", name])
