from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.loading import load_settings
from infra.tests.conftest import good_configuration, new_key
from localcloud.tests.conftest import TOKEN, Served
from slipway.account import Api
from slipway.doctor.account import Account, address_limit, droplet_limit, judge_clock, look_at_account, status
from slipway.doctor.finding import Finding

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Changed = Callable[..., Account]


@pytest.fixture
def changed(local: Served, tmp_path: Path) -> Changed:
    config = good_configuration(new_key(tmp_path / "key"))

    def account(**settings: str) -> Account:
        more = {f"slipway:{key}": value for key, value in settings.items()}
        found, key = load_settings("staging", config | more, {}, tmp_path)
        return Account(Api(local.url, TOKEN), "staging", found, key)

    return account


def found(account: Account) -> dict[str, Finding]:
    return {finding.name: finding for finding in look_at_account(account)}


def test_an_account_that_takes_the_stack_is_well(changed: Changed) -> None:
    seen = found(changed())
    assert {finding.state for finding in seen.values()} == {"well"}
    assert set(seen) == {"token", "clock", "droplets", "addresses", "region", "domain", "ssh key"}


def test_a_refused_token_is_the_only_finding(changed: Changed, local: Served) -> None:
    (refused,) = look_at_account(replace(changed(), api=Api(local.url, "wrong")))
    assert refused.state == "fault"
    assert "refuses the API token" in refused.said
    assert "export DIGITALOCEAN_TOKEN" in (refused.mend or "")
    (silent,) = look_at_account(replace(changed(), api=Api("http://127.0.0.1:1", TOKEN)))
    assert "can't be reached" in silent.said


@pytest.mark.parametrize(("word", "state"), [("active", "well"), ("warning", "warning"), ("locked", "fault")])
def test_the_account_may_be_locked(word: str, state: str) -> None:
    assert status({"status": word, "email": "ops@example.com", "status_message": "pay"}).state == state


def test_a_clock_that_is_off_is_a_fault_with_the_way_it_goes() -> None:
    assert judge_clock(NOW, NOW + timedelta(seconds=2)).state == "well"
    assert "300 s ahead of" in judge_clock(NOW, NOW + timedelta(minutes=5)).said
    behind = judge_clock(NOW, NOW - timedelta(minutes=5))
    assert ("300 s behind" in behind.said, behind.mend) == (True, "timedatectl set-ntp true")


def test_an_account_that_is_full_takes_no_new_stack(changed: Changed, local: Served) -> None:
    account, limits = changed(), {"droplet_limit": 1, "reserved_ip_limit": 1}
    assert droplet_limit(account, limits).state == "well"
    number = local.droplet("other")["id"]
    assert droplet_limit(account, limits).state == "fault"
    assert address_limit(account, limits).state == "well"
    local.do.reserved_ips.create(body={"droplet_id": number})
    local.settle()
    assert address_limit(account, limits).state == "fault"


def test_a_stack_that_has_its_droplet_needs_no_room(changed: Changed, local: Served) -> None:
    number = local.droplet("slipway-staging")["id"]
    local.do.reserved_ips.create(body={"droplet_id": number})
    local.settle()
    account, limits = changed(), {"droplet_limit": 1, "reserved_ip_limit": 1}
    assert droplet_limit(account, limits).state == address_limit(account, limits).state == "well"


@pytest.mark.parametrize(
    ("settings", "said", "mend"),
    [
        ({"region": "mars1"}, "mars1 is unknown", "slipway:region"),
        ({"size": "s-99vcpu-1tb"}, "s-99vcpu-1tb is not to be had in fra1", "slipway:size"),
    ],
)
def test_region_and_size_have_to_be_on_offer(settings: dict[str, str], said: str, mend: str, changed: Changed) -> None:
    finding = found(changed(**settings))["region"]
    assert (finding.state, said in finding.said, mend in (finding.mend or "")) == ("fault", True, True), finding


def test_the_domain_is_made_once(changed: Changed, local: Served) -> None:
    theirs = changed(manageDomain="false")
    assert found(theirs)["domain"].mend == "pulumi config set slipway:manageDomain true -s staging"
    local.do.domains.create(body={"name": "example.com"})
    assert found(theirs)["domain"].state == "well"
    assert found(changed())["domain"].mend == "pulumi config set slipway:manageDomain false -s staging"
    local.droplet("slipway-staging")
    assert found(changed())["domain"].state == "well"


def test_a_key_that_is_there_under_another_name_would_stop_the_deploy(changed: Changed, local: Served) -> None:
    account = changed()
    assert account.operator_key is not None
    body: dict[str, Any] = {"name": "ada's laptop", "public_key": account.operator_key.public}
    made = local.do.ssh_keys.create(body=body)["ssh_key"]
    finding = found(account)["ssh key"]
    assert (finding.state, "ada's laptop" in finding.said) == ("fault", True)
    local.do.ssh_keys.update(made["id"], body={"name": "slipway-staging"})
    assert found(account)["ssh key"].state == "well"


def test_with_settings_that_are_wrong_the_rest_is_looked_at(changed: Changed) -> None:
    seen = found(replace(changed(), settings=None))
    assert (seen["token"].state, seen["region"].state) == ("well", "skipped")
