"""What must hold for every container, whatever else changes."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parents[1]
NAMES = ("edge", "data", "app", "ops")
DROPLET_MB = 2048
# The smallest that the settings allow with any of the operators' tools.
DROPLET_WITH_TOOLS_MB = 4096


def content(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
    return document


def services() -> list[Any]:
    return [
        pytest.param(service, id=f"{file}-{name}")
        for file in NAMES
        for name, service in content(file)["services"].items()
    ]


def megabytes(limit: str) -> int:
    match = re.fullmatch(r"(\d+)m", limit)
    assert match is not None, f"{limit} is not in megabytes"
    return int(match[1])


def memory_of(file: str) -> int:
    """Return the sum of the file's limits, one-shot containers apart: they run before the new release starts."""
    return sum(
        megabytes(s["mem_limit"]) for s in content(file)["services"].values() if s.get("profiles") != ["oneshot"]
    )


@pytest.mark.parametrize("service", services())
def test_container_is_hardened(service: dict[str, Any]) -> None:
    uid = int(str(service["user"]).split(":")[0])
    assert uid > 0
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert megabytes(service["mem_limit"]) > 0
    assert 0 < service["pids_limit"] <= 128


@pytest.mark.parametrize("file", ["edge", "data", "app"])
def test_root_file_systems_are_read_only(file: str) -> None:
    assert {name for name, s in content(file)["services"].items() if s["read_only"] is not True} == set()


@pytest.mark.parametrize("service", services())
def test_logs_are_rotated(service: dict[str, Any]) -> None:
    assert service["logging"]["driver"] == "json-file"
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize("service", services())
def test_docker_socket_is_mounted_nowhere(service: dict[str, Any]) -> None:
    assert "docker.sock" not in yaml.safe_dump(service)


@pytest.mark.parametrize("service", services())
def test_long_running_container_restarts_and_says_whether_it_is_healthy(service: dict[str, Any]) -> None:
    if service.get("profiles") == ["oneshot"]:
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_contract_services_are_all_there() -> None:
    assert {file: set(content(file)["services"]) for file in NAMES} == {
        "edge": {"traefik"},
        "data": {"postgres", "redis"},
        "app": {"api", "django", "frontend", "static", "worker", "beat", "migrate"},
        "ops": {"flower", "pgadmin", "mail"},
    }


def test_only_traefik_publishes_ports() -> None:
    publishing = {name for file in NAMES for name, s in content(file)["services"].items() if "ports" in s}
    assert publishing == {"traefik"}
    assert content("edge")["services"]["traefik"]["ports"] == ["${HTTP_PORT:-80}:80", "${HTTPS_PORT:-443}:443"]


@pytest.mark.parametrize("file", ["edge", "data"])
def test_nothing_that_outlives_a_release_names_one(file: str) -> None:
    """Otherwise compose would recreate Traefik and Postgres at every deploy."""
    lines = [
        line for line in (FOLDER / f"{file}.yml").read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    ]
    assert not re.search(r"\bRELEASE\b|RELEASE_DIR|\./", "\n".join(lines))


def test_two_releases_side_by_side_fit_a_small_droplet() -> None:
    assert memory_of("edge") + memory_of("data") + 2 * memory_of("app") <= DROPLET_MB


def test_with_every_tool_a_larger_droplet_has_memory_left_for_itself() -> None:
    limits = memory_of("edge") + memory_of("data") + 2 * memory_of("app") + memory_of("ops")
    assert limits <= DROPLET_WITH_TOOLS_MB - 512


def test_each_tool_is_a_profile_of_its_own_name() -> None:
    """The rollout starts a tool by naming it."""
    assert {name: s["profiles"] for name, s in content("ops")["services"].items()} == {
        name: [name] for name in ("flower", "pgadmin", "mail")
    }


def test_what_operators_may_leave_out_is_an_empty_secret_then() -> None:
    files = {name: secret["file"] for name, secret in content("app")["secrets"].items()}
    optional = {name: file for name, file in files.items() if "absent" in file}
    assert optional == {
        "api_google_client_secret": "${API_GOOGLE_CLIENT_SECRET_FILE:-${RELEASE_DIR}/absent}",
        "django_smtp_password": "${DJANGO_SMTP_PASSWORD_FILE:-${RELEASE_DIR}/absent}",
    }


def test_only_what_runs_django_knows_where_mail_goes() -> None:
    app = content("app")["services"]
    told = {name for name, service in app.items() if "SMTP_HOST" in service.get("environment", {})}
    assert told == {"django", "worker", "beat", "migrate"}


def test_each_routed_service_has_its_release_s_alias() -> None:
    app = content("app")["services"]
    for name in ("api", "django", "frontend", "static"):
        assert app[name]["networks"]["slipway"]["aliases"] == [f"{name}-${{RELEASE}}"]


def test_requests_may_finish_before_a_container_is_killed() -> None:
    """Traefik waits 65 s for a response, so whoever answers requests gets longer than that to stop."""
    app = content("app")["services"]
    assert {app[name]["stop_grace_period"] for name in ("api", "django", "frontend", "static", "worker")} == {"75s"}
    assert {app[name]["stop_signal"] for name in ("frontend", "static")} == {"SIGQUIT"}


def test_only_migrate_holds_the_owner_s_connection() -> None:
    app = content("app")["services"]
    holders = {
        name
        for name, service in app.items()
        for secret in service.get("secrets", [])
        if secret["source"] == "django_migration_database_url"
    }
    assert holders == {"migrate"}


@pytest.mark.parametrize("service", services())
def test_secrets_are_files_and_never_environment_or_arguments(service: dict[str, Any]) -> None:
    said = yaml.safe_dump([service.get("environment", {}), service.get("command", [])])
    assert not re.search(r"PASSWORD: (?!/run/secrets/)|_URL: |SECRET_KEY|TOKEN", said)
    for name, value in service.get("environment", {}).items():
        assert "PASSWORD" not in name or value.startswith("/run/secrets/")
