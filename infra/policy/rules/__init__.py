"""Every rule, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from infra.policy.model import Rule
from infra.policy.rules.certificates import no_production_authority
from infra.policy.rules.data import data_outlives_the_machine
from infra.policy.rules.limits import places_and_sizes
from infra.policy.rules.machines import behind_a_firewall, tagged
from infra.policy.rules.network import only_the_web_is_public, ssh_is_for_operators
from infra.policy.rules.secrecy import leaked, unmarked


def rules(known_secrets: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the rules; `known_secrets` are texts that may stand nowhere in plain, such as secret settings."""
    return (
        Rule("only-the-web-is-public", "Nothing but TCP 80 and 443 is open to the world", only_the_web_is_public),
        Rule("ssh-is-for-operators", "SSH is open to networks of /8 or narrower alone", ssh_is_for_operators),
        Rule("machines-are-tagged", "Every droplet carries a tag", tagged),
        Rule("places-and-sizes", "Regions and sizes are allowed ones", places_and_sizes),
        Rule("staging-certificates", "Certificates come from a staging or private authority", no_production_authority),
        Rule("secrets-are-marked", "What is secret is marked so", partial(unmarked, known=known_secrets)),
        Rule(
            "machines-are-behind-a-firewall",
            "A firewall covers every public droplet by its tag",
            judge_stack=behind_a_firewall,
        ),
        Rule(
            "data-outlives-the-machine",
            "Every droplet has backups or a volume of its own",
            judge_stack=data_outlives_the_machine,
        ),
        Rule("secrets-do-not-leak", "What is secret in one place stands in plain nowhere", judge_stack=leaked),
    )


RULES = rules()
