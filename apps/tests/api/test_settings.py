from pathlib import Path

import pytest

from api.errors import SettingsInvalid
from api.settings import load_settings
from apps.tests.containers import write_secrets

SECRETS = {
    "database_url": "postgresql://slipway_api:secret-of-database@postgres/slipway",
    "redis_url": "redis://:secret-of-redis@redis/0",
    "verification_token": "secret-token-of-some-length",
    "jwt_signing_key": "secret-key-of-thirty-two-letters-or-more",
}


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "VERIFICATION_TOKEN", "API_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("RELEASE", "r1")
    monkeypatch.setenv("DOMAIN", "slipway.test")


def test_secrets_come_from_files_without_the_final_newline(tmp_path: Path) -> None:
    write_secrets(tmp_path, **{name: f"{value}\n" for name, value in SECRETS.items()})
    settings = load_settings()
    assert settings.verification_token.get_secret_value() == SECRETS["verification_token"]
    assert settings.release == "r1"


def test_every_fault_is_told_at_once_and_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_secrets(tmp_path, redis_url="http://secret-of-redis", verification_token="short-secret")
    monkeypatch.setenv("API_WORKERS", "many")
    monkeypatch.delenv("RELEASE")
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    message = str(caught.value)
    for named in ("database_url", "redis_url", "verification_token", "jwt_signing_key", "API_WORKERS", "RELEASE"):
        assert named in message
    assert "secret-of" not in message
    assert "short-secret" not in message


def test_a_secret_in_the_environment_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_secrets(tmp_path, **{name: value for name, value in SECRETS.items() if name != "database_url"})
    monkeypatch.setenv("DATABASE_URL", SECRETS["database_url"])
    with pytest.raises(SettingsInvalid, match="database_url"):
        load_settings()


def test_a_missing_directory_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsInvalid, match="nowhere does not exist"):
        load_settings()


def test_printing_the_settings_shows_no_secret(tmp_path: Path) -> None:
    write_secrets(tmp_path, **SECRETS)
    assert "secret-" not in repr(load_settings())


def test_a_google_client_without_its_secret_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_secrets(tmp_path, **SECRETS)
    monkeypatch.setenv("GOOGLE_CLIENT_ID", "client")
    with pytest.raises(SettingsInvalid, match="google_client_secret"):
        load_settings()
    write_secrets(tmp_path, google_client_secret="secret-of-google")
    assert load_settings().google_client_id == "client"


def test_the_origin_is_the_site_as_browsers_name_it(tmp_path: Path) -> None:
    write_secrets(tmp_path, **SECRETS)
    assert load_settings().origin == "https://slipway.test"
