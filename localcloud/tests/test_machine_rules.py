import json
from ipaddress import IPv4Network
from pathlib import Path

from localcloud.machines import acme, addresses, dns, firewall, recipe, seed
from localcloud.machines.place import Place
from localcloud.runtime import DropletSpec, FirewallSpec, Rule

PLACE = Place("local", Path("/nowhere"), IPv4Network("198.18.0.0/20"), "pebble")
SPEC = DropletSpec(
    7, "web", "web.example", 1024, 1, 25, "debian-13-x64", "198.18.1.1", "10.0.0.2", "v", ("ssh-ed25519 A",), "#!/x"
)


def test_no_firewall_means_empty_chains() -> None:
    assert firewall.script(None).splitlines() == [
        "*mangle",
        ":LOCALCLOUD-IN - [0:0]",
        ":LOCALCLOUD-OUT - [0:0]",
        "COMMIT",
    ]


def test_what_no_rule_names_is_dropped_and_answers_pass() -> None:
    rules = FirewallSpec(
        inbound=(Rule("tcp", "8000-9000", ("10.0.0.0/8", "::/0")), Rule("icmp", "all", ("0.0.0.0/0",))),
        outbound=(),
    )
    assert firewall.script(rules).splitlines()[3:-1] == [
        "-A LOCALCLOUD-IN -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
        "-A LOCALCLOUD-IN -p tcp -s 10.0.0.0/8 --dport 8000:9000 -j RETURN",
        "-A LOCALCLOUD-IN -p icmp -s 0.0.0.0/0 -j RETURN",
        "-A LOCALCLOUD-IN -j DROP",
        "-A LOCALCLOUD-OUT -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
        "-A LOCALCLOUD-OUT -j DROP",
    ]


def test_user_data_is_planted_exactly_as_given() -> None:
    files = seed.files(PLACE, SPEC)
    assert files["var/lib/cloud/seed/nocloud/user-data"] == "#!/x"
    assert json.loads(files["var/lib/cloud/seed/nocloud/meta-data"])["public-keys"] == ["ssh-ed25519 A"]
    assert files["etc/resolv.conf"] == "nameserver 198.18.0.1\n"


def test_each_droplet_gets_a_machine_id_of_its_own() -> None:
    first, second = (seed.files(PLACE, SPEC)["etc/machine-id"] for _ in range(2))
    assert first != second
    assert len(first.strip()) == 32


def test_an_announcement_is_a_broadcast_arp_request_for_the_own_address() -> None:
    frame = addresses.announcement(b"\x02\x42\x00\x00\x00\x01", "198.18.1.9")
    assert frame[:6] == b"\xff" * 6
    assert frame[28:32] == frame[38:42] == bytes([198, 18, 1, 9])
    assert len(frame) == 42


def test_a_bundle_is_split_into_certificates() -> None:
    one = "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n"
    assert recipe.certificates(f"# title\n{one}{one}") == [one, one]


def test_the_gateway_never_forwards_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text("search x\nnameserver 198.18.0.1\nnameserver 192.0.2.53\noptions edns0\n")
    assert dns.machine_resolvers("198.18.0.1", path) == ("192.0.2.53",)


def test_issuing_roots_are_kept_across_servers(tmp_path: Path) -> None:
    bundle = tmp_path / "roots.pem"
    for root in ("one\n", "two\n", "one\n"):
        acme.keep_root(bundle, root)
    assert bundle.read_text() == "one\ntwo\n"


def test_interface_names_fit_and_differ_between_instances() -> None:
    other = Place("other", Path("/nowhere"), IPv4Network("198.18.16.0/20"), "pebble")
    names = {PLACE.public_bridge, other.public_bridge, PLACE.interface("v", "vpc"), other.interface("v", "vpc")}
    assert len(names) == 4
    assert max(map(len, names)) <= 15
