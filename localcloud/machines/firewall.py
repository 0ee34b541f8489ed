"""The cloud firewall: packet filters in the droplet's network namespace, written from outside.

They sit in the mangle table because nested Docker rewrites published ports in nat: mangle's PREROUTING sees a packet
before that, so that a published port is filtered like any other.
"""

from collections.abc import Iterable
from ipaddress import ip_network

from localcloud.machines.netns import attempt_in_netns, in_netns
from localcloud.runtime import FirewallSpec, Rule

INBOUND = "LOCALCLOUD-IN"
OUTBOUND = "LOCALCLOUD-OUT"
HOOKS = (("PREROUTING", "-i", INBOUND), ("POSTROUTING", "-o", OUTBOUND))
OUTSIDE = "eth+"
"""The public and the private interface; the droplet's own bridges have other names."""


def _pass(chain: str, peer_flag: str, rule: Rule) -> Iterable[str]:
    """Write the lines that let a rule's traffic pass; IPv6 peers cannot reach a droplet here and need none."""
    ports = [] if rule.ports == "all" else ["--dport", rule.ports.replace("-", ":")]
    for cidr in rule.cidrs:
        if ip_network(cidr, strict=False).version == 4:
            yield " ".join(["-A", chain, "-p", rule.protocol, peer_flag, cidr, *ports, "-j", "RETURN"])


def chain_lines(chain: str, peer_flag: str, rules: Iterable[Rule]) -> list[str]:
    """Write one direction: answers pass, what a rule names passes, the rest is dropped."""
    answers = f"-A {chain} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"
    return [answers, *(line for rule in rules for line in _pass(chain, peer_flag, rule)), f"-A {chain} -j DROP"]


def script(firewall: FirewallSpec | None) -> str:
    """Write the input of iptables-restore that replaces both chains in one commit."""
    lines = ["*mangle", f":{INBOUND} - [0:0]", f":{OUTBOUND} - [0:0]"]
    if firewall is not None:
        lines += chain_lines(INBOUND, "-s", firewall.inbound)
        lines += chain_lines(OUTBOUND, "-d", firewall.outbound)
    return "\n".join([*lines, "COMMIT", ""])


def apply(pid: int, firewall: FirewallSpec | None) -> None:
    """Put the firewall in force in the namespace of the process, replacing what was."""
    in_netns(pid, ["iptables-restore", "--wait", "5", "--noflush"], stdin=script(firewall))
    for hook, side, chain in HOOKS:
        rule = [hook, side, OUTSIDE, "-j", chain]
        if attempt_in_netns(pid, ["iptables", "-w", "-t", "mangle", "-C", *rule]).returncode != 0:
            in_netns(pid, ["iptables", "-w", "-t", "mangle", "-I", *rule])
