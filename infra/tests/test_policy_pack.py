"""The policies as Pulumi's own CLI asks them, of a program that breaks most of them at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from toolchain.plugins.digitalocean.tests.stack import CHECKOUT, Stack, find_pulumi
from toolchain.plugins.install import install

pytestmark = pytest.mark.pulumi

# Nothing listens there: a preview of new resources asks no cloud, and a run that is refused never gets to ask one.
NO_CLOUD = "http://127.0.0.1:9"
PACK = ("--policy-pack", str(CHECKOUT / "infra" / "policy"))
PASSWORD = "a-password-that-is-set-as-a-secret"
OPEN = """
rules = [{"protocol": "tcp", "portRange": "22", "sourceAddresses": ["0.0.0.0/0"]}]
Made("Firewall", "wall", name="wall", tags=["other"], inboundRules=rules)
"""
BROKEN = f"""
{OPEN}
config = pulumi.Config()
told = pulumi.Output.unsecret(config.require_secret("password"))
Made("Droplet", "box", name="box", region="nyc1", size="s-1vcpu-2gb", image="debian-13-x64", tags=["web"],
     userData=told)
"""
MENDED = """
rules = [{"protocol": "tcp", "portRange": "22", "sourceAddresses": ["203.0.113.7/32"]}]
tag = Made("Tag", "web", name="web")
Made("Firewall", "wall", name="wall", tags=[tag.name], inboundRules=rules)
data = pulumi.Output.secret("#cloud-config")
box = Made("Droplet", "box", name="box", region="fra1", size="s-1vcpu-2gb", image="debian-13-x64", tags=[tag.name],
           userData=data)
volume = Made("Volume", "data", name="data", region="fra1", size=10)
Made("VolumeAttachment", "data", dropletId=box.id.apply(int), volumeId=volume.id)
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    home = tmp_path_factory.mktemp("pulumi-home")
    install(find_pulumi(), home, Path(sys.executable))
    made = Stack(tmp_path_factory.mktemp("rig") / "stack", home, NO_CLOUD)
    made.pulumi("config", "set", "--secret", "password", PASSWORD).ok()
    return made


def test_a_preview_names_every_policy_that_the_program_breaks(stack: Stack) -> None:
    stack.program(BROKEN)
    told = stack.preview(*PACK).failed().text
    for policy in (
        "only-the-web-is-public",
        "ssh-is-for-operators",
        "places-and-sizes",
        "secrets-are-marked",
        "machines-are-behind-a-firewall",
        "data-outlives-the-machine",
    ):
        assert f"slipway@v1.0.0 [mandatory]  {policy}" in told, told
    assert "machines-are-tagged" not in told
    assert "SSH is open to 0.0.0.0/0" in told


def test_an_update_makes_nothing_of_what_a_policy_refuses(stack: Stack) -> None:
    stack.program(OPEN)  # alone: an update ends with the first resource that is refused, whichever that is
    said = stack.up(*PACK).failed().text
    assert "ssh-is-for-operators" in said
    assert not any(item["type"].startswith("digitalocean:") for item in stack.resources().values())


def test_a_preview_of_a_good_program_passes(stack: Stack) -> None:
    stack.program(MENDED)
    told = stack.preview(*PACK).ok().text
    assert "5 to create" in told, told
    assert "slipway|local|" in told
