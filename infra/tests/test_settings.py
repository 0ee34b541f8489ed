from __future__ import annotations

from pathlib import Path

import pytest

from infra.errors import SettingsError
from infra.loading import load_settings
from infra.mail import MailServer
from infra.settings import Settings

NO_ENVIRONMENT: dict[str, str] = {}


def fault_keys(config: dict[str, str], environment: dict[str, str] | None = None) -> set[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings("staging", config, environment or NO_ENVIRONMENT, Path("/"))
    return {fault.key for fault in caught.value.faults}


def test_a_good_configuration_is_taken(good_config: dict[str, str]) -> None:
    settings, key = load_settings("staging", good_config, NO_ENVIRONMENT, Path("/"))
    assert settings.site == "https://example.com"
    assert settings.operator_networks == ("203.0.113.7/32",)
    assert key.public.startswith("ssh-ed25519 ")


def test_every_fault_is_named_at_once_with_its_mend() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings("staging", {"slipway:size": "HUGE"}, NO_ENVIRONMENT, Path("/"))
    assert {fault.key for fault in caught.value.faults} == {
        "digitalocean:token",
        "slipway:domain",
        "slipway:operatorNetworks",
        "slipway:acmeEmail",
        "slipway:rootSecret",
        "slipway:sshKeyFile",
        "slipway:size",
    }
    message = str(caught.value)
    assert "7 faults" in message
    assert "pulumi config set slipway:domain example.com -s staging" in message
    assert "pulumi config set --secret slipway:rootSecret" in message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("slipway:operatorNetworks", '["0.0.0.0/0"]'),
        ("slipway:operatorNetworks", '["::/0"]'),
        ("slipway:operatorNetworks", '["128.0.0.0/1"]'),
        ("slipway:operatorNetworks", '["203.0.113.7/24"]'),
        ("slipway:operatorNetworks", "[]"),
        ("slipway:acmeDirectory", "https://acme-v02.api.letsencrypt.org/directory"),
        ("slipway:acmeDirectory", "https://acme.example.net/directory"),
        ("slipway:acmeDirectory", "http://acme-staging-v02.api.letsencrypt.org/directory"),
        ("slipway:registry", "shop"),
        ("slipway:registry", "https://registry.example.com"),
        ("slipway:registry", "registry.example.com/shop:latest"),
        ("slipway:registry", "registry.example.com/"),
        ("slipway:domain", "Example"),
        ("slipway:domain", "example.com; rm"),
        ("slipway:acmeEmail", "nobody"),
        ("slipway:rootSecret", "short"),
        ("slipway:volumeSizeGb", "zero"),
        ("slipway:keepReleases", "1"),
        ("slipway:rateLimitApiRpm", "0"),
        ("slipway:sshKeyFile", "/nowhere/id_ed25519"),
        ("slipway:guardedHosts", '["intranet"]'),
        ("slipway:domian", "example.com"),
        ("slipway:smtpHost", "smtp.example.com; rm"),
        ("slipway:smtpPort", "0"),
        ("slipway:smtpSecurity", "ssl"),
        ("slipway:mailFrom", "nobody"),
        ("slipway:mailFrom", "Shop <shop@example.com"),
        ("slipway:mailFrom", "Shop's <shop@example.com>"),
        ("slipway:googleClientId", "two words"),
    ],
)
def test_a_bad_value_is_refused_by_its_key(key: str, value: str, good_config: dict[str, str]) -> None:
    assert key in fault_keys(good_config | {key: value})


GUARDS = {"slipway:guardUsers": "operator:$2b$10$C6UzMDM.H6dfI/f/IKcEeO7ZP9rWvFIkhZJ3ZqJqYcAzPqJqZ0K0i"}
MAIL = {"slipway:smtpHost": "smtp.example.com", "slipway:smtpUser": "shop", "slipway:smtpPassword": "mail-password"}


def loaded(config: dict[str, str]) -> Settings:
    return load_settings("staging", config, NO_ENVIRONMENT, Path("/"))[0]


def test_mail_goes_to_the_named_server_on_its_usual_port(good_config: dict[str, str]) -> None:
    mail = loaded(good_config | MAIL | {"slipway:mailFrom": "Shop <shop@example.com>"}).mail
    assert mail == MailServer("smtp.example.com", 587, "starttls", "shop", "Shop <shop@example.com>")
    assert loaded(good_config | MAIL | {"slipway:smtpSecurity": "tls"}).mail.port == 465


def test_without_a_server_mail_waits_or_is_caught(good_config: dict[str, str]) -> None:
    assert loaded(good_config).mail.host == ""
    caught = {"slipway:guardedHosts": '["mail"]', "slipway:size": "s-2vcpu-4gb"} | GUARDS
    assert loaded(good_config | caught).mail == MailServer("mail", 1025, "none", "", "Slipway <no-reply@example.com>")
    assert loaded(good_config | caught | MAIL).mail.host == "smtp.example.com"


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"slipway:smtpPassword": ""}, {"slipway:smtpPassword"}),
        ({"slipway:smtpUser": ""}, {"slipway:smtpUser"}),
        ({"slipway:smtpHost": ""}, {"slipway:smtpHost"}),
        ({"slipway:smtpSecurity": "none"}, {"slipway:smtpSecurity"}),
    ],
)
def test_settings_of_mail_must_fit_each_other(
    more: dict[str, str], faults: set[str], good_config: dict[str, str]
) -> None:
    config = {key: value for key, value in (good_config | MAIL | more).items() if value}
    assert fault_keys(config) == faults


REGISTRY = {"slipway:registry": "registry.example.com:5000/shop"}


def test_a_registry_may_be_named_with_or_without_a_password(good_config: dict[str, str]) -> None:
    assert loaded(good_config | REGISTRY).registry == "registry.example.com:5000/shop"
    signed_in = REGISTRY | {"slipway:registryUser": "shop", "slipway:registryPassword": "a password"}
    assert loaded(good_config | signed_in).registry_user == "shop"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (REGISTRY | {"slipway:registryUser": "shop"}, "slipway:registryPassword"),
        (REGISTRY | {"slipway:registryPassword": "a password"}, "slipway:registryUser"),
        ({"slipway:registryUser": "shop", "slipway:registryPassword": "a password"}, "slipway:registry"),
    ],
)
def test_settings_of_a_registry_must_fit_each_other(
    given: dict[str, str], missing: str, good_config: dict[str, str]
) -> None:
    assert fault_keys(good_config | given) == {missing}


@pytest.mark.parametrize(
    ("key", "missing"), [("googleClientId", "googleClientSecret"), ("googleClientSecret", "googleClientId")]
)
def test_google_sign_in_needs_both_halves(key: str, missing: str, good_config: dict[str, str]) -> None:
    assert fault_keys(good_config | {f"slipway:{key}": "some-value"}) == {f"slipway:{missing}"}


@pytest.mark.parametrize("tool", ["flower", "pgadmin", "mail"])
def test_a_tool_needs_a_droplet_with_room_for_it(tool: str, good_config: dict[str, str]) -> None:
    config = good_config | GUARDS | {"slipway:guardedHosts": f'["{tool}"]'}
    assert fault_keys(config) == {"slipway:size"}
    assert loaded(config | {"slipway:size": "s-2vcpu-4gb"}).tools == (tool,)
    assert loaded(config | {"slipway:guardedHosts": '["admin", "traefik"]'}).tools == ()


def test_guarded_hosts_need_users(good_config: dict[str, str]) -> None:
    assert fault_keys(good_config | {"slipway:guardedHosts": '["admin"]'}) == {"slipway:guardUsers"}


def test_both_kinds_of_ssh_key_are_one_too_many(good_config: dict[str, str], key_file: Path) -> None:
    assert fault_keys(good_config | {"slipway:sshPrivateKey": key_file.read_text()}) == {"slipway:sshKeyFile"}


def test_the_token_may_come_from_the_environment(good_config: dict[str, str]) -> None:
    del good_config["digitalocean:token"]
    assert fault_keys(good_config) == {"digitalocean:token"}
    load_settings("staging", good_config, {"DIGITALOCEAN_ACCESS_TOKEN": "token"}, Path("/"))


def test_no_message_repeats_a_secret(good_config: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings("staging", good_config | {"slipway:rootSecret": "too-short-secret"}, NO_ENVIRONMENT, Path("/"))
    assert "too-short-secret" not in str(caught.value)
