from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from infra.keys import OperatorKey, OperatorKeyError, host_key
from infra.secrets import GivenSecrets, SecretFile, derive, password, service_secrets

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
    holders = {(s.service, s.name) for s in service_secrets(ROOT_SECRET, GivenSecrets()) if owner in s.value}
    assert holders == {("django", "migration_database_url"), ("postgres", "owner_password")}


def names_of(files: list[SecretFile]) -> set[tuple[str, str]]:
    return {(file.service, file.name) for file in files}


def test_the_api_signs_with_a_key_of_its_own() -> None:
    keys = {file.name: file.value for file in service_secrets(ROOT_SECRET, GivenSecrets()) if file.service == "api"}
    assert len(keys["jwt_signing_key"]) >= 64
    assert len(set(keys.values())) == len(keys)


def test_what_operators_give_reaches_the_one_service_that_reads_it() -> None:
    given = GivenSecrets(smtp_password="mail-password", google_client_secret="google-secret")
    more = names_of(service_secrets(ROOT_SECRET, given)) - names_of(service_secrets(ROOT_SECRET, GivenSecrets()))
    assert more == {("django", "smtp_password"), ("api", "google_client_secret")}
    assert "mail-password" not in repr(given)


def test_a_tool_gets_its_secret_when_it_is_enabled() -> None:
    files = service_secrets(ROOT_SECRET, GivenSecrets(), ("flower", "mail", "pgadmin"))
    more = names_of(files) - names_of(service_secrets(ROOT_SECRET, GivenSecrets()))
    assert more == {("flower", "flower_config"), ("pgadmin", "pgadmin_password")}
    (config,) = (file.value for file in files if file.service == "flower")
    settings: dict[str, str] = {}
    exec(config, settings)  # noqa: S102 -- Celery reads it as a module
    (redis,) = (file.value for file in files if (file.service, file.name) == ("django", "redis_url"))
    assert (settings["broker_url"], settings["result_backend"]) == (redis, redis)
