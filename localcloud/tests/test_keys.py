"""SSH keys of the account, and the account itself."""

import pytest

from localcloud.tests.conftest import Served

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1b8Q9bM6m5YwF0b5m1m4iKq3pTn9j0m8lQ7e3D0wF2 someone@example"


def test_a_key_lives_by_id_and_by_fingerprint(local: Served) -> None:
    made = local.do.ssh_keys.create(body={"name": "operator", "public_key": ED25519})["ssh_key"]
    assert isinstance(made["id"], int)
    assert made["public_key"] == ED25519
    assert len(made["fingerprint"].split(":")) == 16
    assert local.do.ssh_keys.get(made["id"])["ssh_key"] == made
    assert local.do.ssh_keys.get(made["fingerprint"])["ssh_key"] == made
    renamed = local.do.ssh_keys.update(made["id"], body={"name": "other"})["ssh_key"]
    assert renamed == made | {"name": "other"}
    assert local.do.ssh_keys.list()["ssh_keys"] == [renamed]
    local.do.ssh_keys.delete(made["fingerprint"])
    assert local.do.ssh_keys.list()["ssh_keys"] == []
    assert local.refusal("DELETE", f"/v2/account/keys/{made['id']}")[0] == 404


def test_the_same_key_is_not_taken_twice(local: Served) -> None:
    local.do.ssh_keys.create(body={"name": "one", "public_key": ED25519})
    again = {"name": "two", "public_key": ED25519.replace("someone", "else")}
    expected = (422, "SSH Key is already in use on your account")
    assert local.refusal("POST", "/v2/account/keys", again) == expected


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA", "dss AAAA"])
def test_what_is_no_public_key_is_refused(local: Served, text: str) -> None:
    status, message = local.refusal("POST", "/v2/account/keys", {"name": "bad", "public_key": text})
    assert (status, message[:11]) == (422, "Key invalid")


def test_the_account_is_active(local: Served) -> None:
    account = local.do.account.get()["account"]
    assert (account["status"], account["email_verified"]) == ("active", True)
