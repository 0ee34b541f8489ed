import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from dnslib import RCODE, DNSRecord

from localcloud.machines import docker
from localcloud.machines.place import ACME_HOST
from localcloud.runtime import FirewallSpec, Record, Rule
from localcloud.tests.machines.conftest import SUBNET, CloudUnderTest, Machine, await_value

pytestmark = pytest.mark.docker

EVERYWHERE = ("0.0.0.0/0", "::/0")
OPERATOR = ("198.18.32.1/32",)
ALL_OUT = (Rule("tcp", "all", EVERYWHERE), Rule("udp", "all", EVERYWHERE), Rule("icmp", "all", EVERYWHERE))
RESERVED = str(SUBNET.network_address + 256 + 200)


def test_a_firewall_tells_clients_apart_and_is_there_from_the_first_packet_of_a_boot(
    cloud: CloudUnderTest, droplet: Machine
) -> None:
    address = droplet.spec.public_ip
    droplet.ssh("cloud-init status --wait")
    assert cloud.client_reaches(address, 22)
    cloud.runtime.apply_firewall(droplet.spec.id, FirewallSpec((Rule("tcp", "22", OPERATOR),), ALL_OUT))
    assert not cloud.client_reaches(address, 22)
    assert droplet.ssh("true") == ""
    cloud.runtime.reboot(droplet.spec.id)
    assert droplet.ssh("true") == ""
    assert not cloud.client_reaches(address, 22)
    cloud.runtime.apply_firewall(droplet.spec.id, None)
    assert cloud.client_reaches(address, 22)


def test_without_outbound_rules_nothing_leaves_but_answers_do(cloud: CloudUnderTest, droplet: Machine) -> None:
    droplet.ssh("cloud-init status --wait")
    look_up = f"timeout 6 getent hosts {ACME_HOST}"
    assert cloud.place.acme_address in droplet.ssh(look_up)
    cloud.runtime.apply_firewall(droplet.spec.id, FirewallSpec((Rule("tcp", "all", EVERYWHERE),), ()))
    assert droplet.try_ssh(look_up).returncode != 0


def test_a_reserved_address_follows_its_assignment(cloud: CloudUnderTest, droplet: Machine) -> None:
    other = cloud.create()
    try:
        cloud.runtime.assign_reserved_ip(RESERVED, droplet.spec.id)
        assert droplet.ssh("hostname", RESERVED) == droplet.spec.hostname
        cloud.runtime.reboot(droplet.spec.id)
        assert droplet.ssh("hostname", RESERVED) == droplet.spec.hostname
        cloud.runtime.unassign_reserved_ip(RESERVED, droplet.spec.id)
        cloud.runtime.assign_reserved_ip(RESERVED, other.spec.id)
        assert other.ssh("hostname", RESERVED) == other.spec.hostname
        cloud.runtime.unassign_reserved_ip(RESERVED, other.spec.id)
        assert not cloud.client_reaches(RESERVED, 22)
    finally:
        cloud.runtime.destroy_droplet(other.spec.id)


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_published_zones_are_served(cloud: CloudUnderTest, tcp: bool) -> None:
    def ask(name: str) -> DNSRecord:
        return DNSRecord.parse(DNSRecord.question(name).send(cloud.place.gateway, 53, tcp=tcp, timeout=3))

    cloud.runtime.publish_zones({"shop.test": (Record("@", "A", "198.18.33.7", 60),)})
    assert str(ask("shop.test").rr[0].rdata) == "198.18.33.7"
    assert ask("none.shop.test").header.rcode == RCODE.NXDOMAIN
    assert str(ask(ACME_HOST).rr[0].rdata) == cloud.place.acme_address


def test_an_answer_too_long_for_udp_is_cut_and_whole_over_tcp(cloud: CloudUnderTest) -> None:
    many = tuple(Record("@", "A", f"198.18.40.{host}", 60) for host in range(1, 100))
    cloud.runtime.publish_zones({"many.test": many})
    question = DNSRecord.question("many.test")
    assert DNSRecord.parse(question.send(cloud.place.gateway, 53, timeout=3)).header.tc == 1
    assert len(DNSRecord.parse(question.send(cloud.place.gateway, 53, tcp=True, timeout=3)).rr) == 99


def test_the_acme_server_issues_for_names_of_our_zones(cloud: CloudUnderTest, tmp_path: Path) -> None:
    """Traefik asks, by the HTTP challenge, as it does on a real site."""
    name = "issued.test"
    (tmp_path / "dynamic.yml").write_text(
        "http:\n  routers:\n    site: {rule: 'PathPrefix(`/`)', service: noop@internal, entryPoints: [websecure],"
        f" tls: {{certResolver: le, domains: [{{main: {name}}}]}}}}\n"
    )
    (tmp_path / "ca.pem").write_bytes(cloud.place.endpoint_authority.read_bytes())
    container, address = f"localcloud-{cloud.place.name}-site", str(SUBNET.network_address + 20)
    cloud.runtime.publish_zones({name: (Record("@", "A", address, 60),)})
    resolver = "--certificatesresolvers.le.acme"
    options = [f"--network={cloud.place.public_network}", f"--ip={address}", f"--dns={cloud.place.gateway}"]
    options += [f"--volume={tmp_path}:/site:ro", f"--label={cloud.place.label}"]
    command = ["--providers.file.filename=/site/dynamic.yml", "--entrypoints.web.address=:80"]
    command += ["--entrypoints.websecure.address=:443", f"{resolver}.caserver={cloud.place.acme_url}"]
    command += [f"{resolver}.cacertificates=/site/ca.pem", f"{resolver}.httpchallenge.entrypoint=web"]
    command += [f"{resolver}.storage=/tmp/acme.json", f"{resolver}.email=ops@issued.test"]
    docker.run_container(container, "traefik:v3.6.12", options, command, {})
    try:
        context = ssl.create_default_context(cafile=str(cloud.place.issuing_roots))
        subject = await_value(lambda: _verified_name(address, name, context), "the certificate", 60)
        assert subject == name
    finally:
        docker.remove(container)


def _verified_name(address: str, name: str, context: ssl.SSLContext) -> str | None:
    """Return the name that a certificate of our roots was issued for; None while there is none yet."""
    try:
        with (
            socket.create_connection((address, 443), 3) as plain,
            context.wrap_socket(plain, server_hostname=name) as tls,
        ):
            names = tls.getpeercert()
    except OSError:  # refused while it starts; a certificate of its own until the issued one is there
        return None
    return str(names["subjectAltName"][0][1]) if names else None


def test_a_published_port_of_a_nested_container_is_filtered(cloud: CloudUnderTest) -> None:
    packages = "[docker.io, docker-cli, docker-compose, docker-registry]"
    machine = cloud.create(f"#cloud-config\npackage_update: true\npackages: {packages}\n", memory_mb=2048)
    try:
        machine.ssh("cloud-init status --wait")
        _load("nginx:1.28", machine)
        machine.ssh(f"mkdir -p /srv/site && cat > /srv/site/compose.yml <<'X'\n{COMPOSE}X\n")
        machine.ssh("cd /srv/site && docker compose up --detach --wait 2>&1")
        assert machine.ssh("cat /sys/fs/cgroup/memory/docker/*/memory.limit_in_bytes") == str(64 * 1024**2)
        assert cloud.client_reaches(machine.spec.public_ip, 80)
        only_ssh = FirewallSpec((Rule("tcp", "22", OPERATOR),), ALL_OUT)
        cloud.runtime.apply_firewall(machine.spec.id, only_ssh)
        assert not cloud.client_reaches(machine.spec.public_ip, 80)
        cloud.runtime.reboot(machine.spec.id)
        machine.ssh(
            "timeout 60 sh -c 'until docker compose -p site ps --status running -q | grep -q .; do sleep 0.2; done'"
        )
        assert not cloud.client_reaches(machine.spec.public_ip, 80)
        cloud.runtime.assign_reserved_ip(RESERVED, machine.spec.id)
        cloud.runtime.apply_firewall(machine.spec.id, None)
        assert cloud.client_reaches(RESERVED, 80)
    finally:
        cloud.runtime.destroy_droplet(machine.spec.id)


COMPOSE = """services:
  web:
    image: nginx:1.28
    restart: always
    ports: ["80:80"]
    mem_limit: 64m
    pids_limit: 50
    cpus: 0.5
"""


def _load(image: str, machine: Machine) -> None:
    """Copy an image of this machine's engine into the droplet's."""
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saving:
        argv = ["ssh", "-i", str(machine.cloud.key), "-o", "StrictHostKeyChecking=no"]
        argv += ["-o", "UserKnownHostsFile=/dev/null", f"root@{machine.spec.public_ip}", "docker load"]
        subprocess.run(argv, stdin=saving.stdout, capture_output=True, check=True)
