from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from infra.keys import OperatorKey, OperatorKeyError, host_key
from infra.secrets import derive, password, service_secrets

ROOT_SECRET = "a-root-secret-of-more-than-32-characters"


def test_the_host_key_depends_on_the_root_secret_alone() -> None:
    seed = derive(ROOT_SECRET, "ssh/host-key")
    assert host_key(seed) == host_key(seed)
    assert host_key(seed) != host_key(derive(ROOT_SECRET + "x", "ssh/host-key"))


def test_openssh_reads_the_derived_host_key(tmp_path: Path) -> None:
    key = host_key(derive(ROOT_SECRET, "ssh/host-key"))
    file = tmp_path / "key"
    file.touch(mode=0o600)
    file.write_text(key.private)
    public = subprocess.run(["ssh-keygen", "-y", "-f", str(file)], capture_output=True, text=True, check=True).stdout
    assert public.split()[:2] == key.public.split()


def test_an_encrypted_operator_key_is_refused_with_its_path(tmp_path: Path) -> None:
    file = tmp_path / "locked"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "words", "-f", str(file)], check=True)
    with pytest.raises(OperatorKeyError, match=str(file)):
        OperatorKey.from_file(file)


def test_every_purpose_gets_another_password() -> None:
    purposes = ["postgres/owner", "postgres/api", "redis"]
    assert len({password(ROOT_SECRET, purpose) for purpose in purposes}) == len(purposes)


def test_only_the_migration_sees_the_owners_password() -> None:
    owner = password(ROOT_SECRET, "postgres/owner")
    holders = {(s.service, s.name) for s in service_secrets(ROOT_SECRET, None) if owner in s.value}
    assert holders == {("django", "migration_database_url"), ("postgres", "owner_password")}
