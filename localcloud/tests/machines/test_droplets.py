import pytest

from localcloud.errors import RuntimeFailure
from localcloud.runtime import FirewallSpec, Rule
from localcloud.tests.machines.conftest import CloudUnderTest, Machine, await_value

pytestmark = pytest.mark.docker

USER_DATA = """#cloud-config
write_files:
  - {path: /root/written, content: by user data}
runcmd:
  - [touch, /root/ran]
"""


def test_a_droplet_boots_systemd_and_runs_its_user_data(cloud: CloudUnderTest) -> None:
    machine = cloud.create(USER_DATA)
    try:
        machine.ssh("cloud-init status --wait && test -e /root/ran")
        assert machine.ssh("cat /root/written") == "by user data"
        assert machine.ssh("systemctl is-system-running --wait") == "running"
        assert machine.ssh("hostname") == machine.spec.hostname
        assert machine.ssh("command -v docker; echo $?") == "1"
    finally:
        cloud.runtime.destroy_droplet(machine.spec.id)


def test_memory_and_disk_are_those_of_the_size(droplet: Machine) -> None:
    limit = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max"
    assert droplet.ssh(limit) == str(1024**3)
    assert 24 <= int(droplet.ssh("df --output=size --block-size=1G / | tail -1")) <= 25
    droplet.ssh("test -c /dev/null && grep -q 198.18.32.1 /etc/resolv.conf")


def test_a_full_disk_is_full_inside_only(cloud: CloudUnderTest) -> None:
    machine = cloud.create(disk_gb=1)
    try:
        machine.ssh("cloud-init status --wait")
        said = machine.ssh("fallocate -l 2G /srv/big 2>&1; dd if=/dev/zero of=/srv/more bs=1M 2>&1; sync")
        assert "No space left on device" in said
        assert "No space left on device" in machine.ssh(
            "dd if=/dev/zero of=/var/lib/docker/x bs=1M count=50 2>&1; true"
        )
        image = cloud.place.droplets / str(machine.spec.id) / "disk.img"
        assert image.stat().st_size == 1024**3
    finally:
        cloud.runtime.destroy_droplet(machine.spec.id)


def test_a_reboot_from_inside_comes_back_with_its_disk(droplet: Machine) -> None:
    droplet.ssh("cloud-init status --wait && touch /srv/kept && echo 1 > /etc/kept")
    before = droplet.boot
    droplet.try_ssh("systemctl reboot")
    await_value(lambda: droplet.boot if droplet.boot != before else None, "the reboot")
    assert droplet.ssh("ls /etc/kept /srv/kept").split() == ["/etc/kept", "/srv/kept"]
    assert droplet.ssh("systemctl is-system-running --wait") == "running"


def test_a_power_off_from_inside_lasts_until_power_on(cloud: CloudUnderTest, droplet: Machine) -> None:
    droplet.ssh("cloud-init status --wait")
    droplet.try_ssh("systemctl poweroff")
    await_value(lambda: None if cloud.runtime.is_running(droplet.spec.id) else "off", "the power-off")
    cloud.runtime.power_on(droplet.spec.id)
    assert droplet.ssh("hostname") == droplet.spec.hostname


def test_a_resize_needs_the_droplet_off_and_shows_inside(cloud: CloudUnderTest, droplet: Machine) -> None:
    droplet.ssh("cloud-init status --wait && touch /root/kept")
    with pytest.raises(RuntimeFailure, match="power it off"):
        cloud.runtime.resize(droplet.spec.id, 2048, 1, 50)
    cloud.runtime.shutdown(droplet.spec.id)
    assert not cloud.runtime.is_running(droplet.spec.id)
    cloud.runtime.resize(droplet.spec.id, 2048, 1, 50)
    cloud.runtime.power_on(droplet.spec.id)
    assert int(droplet.ssh("test -e /root/kept && df --output=size --block-size=1G / | tail -1")) >= 48


def test_creating_and_destroying_twice_is_fine(cloud: CloudUnderTest) -> None:
    machine = cloud.create()
    before = machine.boot
    cloud.runtime.create_droplet(machine.spec)
    assert machine.boot == before
    cloud.runtime.destroy_droplet(machine.spec.id)
    cloud.runtime.destroy_droplet(machine.spec.id)
    assert not (cloud.place.droplets / str(machine.spec.id)).exists()


def test_a_droplet_that_cannot_boot_leaves_nothing(cloud: CloudUnderTest, droplet: Machine) -> None:
    double = type(droplet.spec)(**{**vars(droplet.spec), "id": 900, "name": "double"})
    with pytest.raises(RuntimeFailure, match="double did not boot"):
        cloud.runtime.create_droplet(double)  # its address is taken
    assert not (cloud.place.droplets / "900").exists()
    assert droplet.ssh("true") == ""


def test_private_addresses_reach_each_other_and_are_filtered_too(cloud: CloudUnderTest, droplet: Machine) -> None:
    from_all = Rule("tcp", "22", ("198.18.32.0/21",))
    other = cloud.create()
    try:
        peer = droplet.spec.private_ip
        probe = f"bash -c 'echo > /dev/tcp/{peer}/22'"
        droplet.ssh("true")
        other.ssh(f"timeout 3 {probe}")
        cloud.runtime.apply_firewall(droplet.spec.id, FirewallSpec((from_all,), ()))
        assert other.try_ssh(f"timeout 2 {probe}").returncode == 124
    finally:
        cloud.runtime.destroy_droplet(other.spec.id)
