from __future__ import annotations

from toolchain.steps.engine_traces import undoing

BEFORE = """\
*filter
:INPUT ACCEPT [10:100]
:FORWARD ACCEPT [0:0]
-A INPUT -s 10.0.0.0/8 -j ACCEPT
COMMIT
"""
AFTER = """\
# Generated
*filter
:INPUT ACCEPT [99:1000]
:FORWARD DROP [5:50]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:MINE - [0:0]
-A INPUT -s 10.0.0.0/8 -j ACCEPT
-A INPUT -s 192.0.2.1/32 -m comment --comment "mine since" -j ACCEPT
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j DOCKER
-A DOCKER-USER -j RETURN
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
COMMIT
"""


def test_docker_s_rules_chains_and_policy_go_and_everybody_else_s_stay() -> None:
    commands = [" ".join(argv) for argv in undoing("iptables", BEFORE, AFTER)]
    assert commands == [
        "iptables --wait --table filter --delete FORWARD -j DOCKER-USER",
        "iptables --wait --table filter --delete FORWARD -o docker0 -j DOCKER",
        "iptables --wait --table filter --delete DOCKER-USER -j RETURN",
        "iptables --wait --table nat --delete POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
        "iptables --wait --table filter --flush DOCKER",
        "iptables --wait --table filter --flush DOCKER-USER",
        "iptables --wait --table nat --flush DOCKER",
        "iptables --wait --table filter --delete-chain DOCKER",
        "iptables --wait --table filter --delete-chain DOCKER-USER",
        "iptables --wait --table nat --delete-chain DOCKER",
        "iptables --wait --table filter --policy FORWARD ACCEPT",
    ]


def test_what_was_docker_s_before_is_left() -> None:
    assert undoing("iptables", AFTER, AFTER) == []
