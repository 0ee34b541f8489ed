"""Edge, data and two releases of the application, side by side on this machine's engine, as on a droplet."""

import json
import re
import secrets
import time
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from compose.tests.stage import DOMAIN, REPOSITORY, Stage, docker
from rollout.host import Host
from rollout.postgres import COPY, Postgres
from traefik.render import render_dynamic, render_static
from traefik.settings import EdgeSettings

pytestmark = pytest.mark.docker

RELEASES = ("20260102-030405-aaaaaaa", "20260102-040506-bbbbbbb")
BUILDS = {
    "API_IMAGE": ("apps/api", ()),
    "DJANGO_IMAGE": ("apps/django_admin", ("--target", "django")),
    "STATIC_IMAGE": ("apps/django_admin", ("--target", "static")),
    "FRONTEND_IMAGE": ("apps/frontend", ()),
}
SERVICES = ("api", "django", "frontend", "static", "worker", "beat")
SETTINGS = EdgeSettings(
    domain=DOMAIN, acme_directory="https://acme.invalid/dir", acme_email="operator@example.com", acme_ca=True
)


@pytest.fixture(scope="module")
def images() -> Iterator[dict[str, str]]:
    """Build our images under names of their own; their layers stay in the builder's cache."""
    suffix = uuid.uuid4().hex[:8]
    names = {variable: f"stage-{variable.lower()}:{suffix}" for variable in BUILDS}
    for variable, (context, words) in BUILDS.items():
        docker("build", "--quiet", "--tag", names[variable], *words, str(REPOSITORY / context), timeout_s=900)
    yield names
    docker("image", "rm", *names.values())


def give_secrets(stage: Stage) -> dict[str, str]:
    """Write the secrets of data; returns the passwords."""
    passwords = {name: secrets.token_urlsafe(24) for name in ("postgres", "owner", "django", "api", "redis")}
    for name in ("postgres", "owner", "django", "api"):
        stage.write(f"secrets/postgres/{name}_password", passwords[name])
    stage.write("secrets/redis/redis_password", passwords["redis"])
    stage.own("999:999", "0400", "secrets/postgres/*")
    stage.own("999:1000", "0400", "secrets/redis/*")
    return passwords


def stage_release(stage: Stage, release: str, passwords: dict[str, str]) -> None:
    """Write a release's secrets, each service's copies owned by its user."""
    redis = f"redis://:{passwords['redis']}@redis:6379/0"
    url = "postgresql://slipway_{0}:{1}@postgres:5432/slipway"
    files = {
        "api/database_url": url.format("api", passwords["api"]),
        "api/redis_url": redis,
        "api/verification_token": secrets.token_urlsafe(32),
        "api/jwt_signing_key": secrets.token_urlsafe(48),
        "django/database_url": url.format("django", passwords["django"]),
        "django/migration_database_url": url.format("owner", passwords["owner"]),
        "django/redis_url": redis,
        "django/django_secret_key": secrets.token_urlsafe(64),
    }
    for name, value in files.items():
        stage.write(f"releases/{release}/secrets/{name}", value)
    stage.own("10001:10001", "0400", f"releases/{release}/secrets/*/*")
    stage.write(f"releases/{release}/absent", "")


def start_data(stage: Stage) -> dict[str, str]:
    passwords = give_secrets(stage)
    for folder, owner in (("data/postgres", "999:999"), ("data/redis", "999:1000")):
        (stage.root / folder).mkdir(parents=True)
        stage.own(owner, "0700", folder)
    stage.write("sql/roles.sql", (REPOSITORY / "compose/data/roles.sql").read_text("utf-8"))
    stage.up("data", "data")
    run_roles = ("psql", "-X", "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-f", "/etc/slipway/roles.sql")
    docker("exec", stage.container("data", "postgres"), *run_roles)
    return passwords


def start_release(stage: Stage, release: str, passwords: dict[str, str]) -> None:
    stage_release(stage, release, passwords)
    stage.variables |= {"RELEASE": release, "RELEASE_DIR": str(stage.root / "releases" / release), "SEED_DEMO": "1"}
    stage.compose(f"app-{release}", "app", "--profile", "oneshot", "run", "--rm", "migrate")
    stage.up(f"app-{release}", "app")


def wait_for_release(stage: Stage, release: str) -> None:
    deadline = time.monotonic() + 60
    while {stage.ask(path).headers.get("x-release") for path in ("/", "/api/health")} != {release}:
        assert time.monotonic() < deadline, f"{release} is not served by front end and API"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def stack(images: dict[str, str], stage: Stage) -> Stage:
    """Everything up, both releases beside each other, the second one serving."""
    stage.variables |= images
    passwords = start_data(stage)
    stage.make_edge_files()
    stage.write("edge/traefik.yml", render_static(SETTINGS))
    stage.write("edge/dynamic/dynamic.yml", render_dynamic(SETTINGS, RELEASES[0]))
    start_release(stage, RELEASES[0], passwords)
    stage.up("edge", "edge")
    wait_for_release(stage, RELEASES[0])
    start_release(stage, RELEASES[1], passwords)
    stage.write("edge/dynamic/dynamic.yml", render_dynamic(SETTINGS, RELEASES[1]))
    wait_for_release(stage, RELEASES[1])
    return stage


def inspected(stack: Stage, project: str, service: str) -> Any:
    return json.loads(docker("inspect", stack.container(project, service)))[0]


def all_containers() -> list[tuple[str, str]]:
    app = [(f"app-{release}", service) for release in RELEASES for service in SERVICES]
    return [("edge", "traefik"), ("data", "postgres"), ("data", "redis"), *app]


@pytest.mark.parametrize(("project", "service"), all_containers())
def test_container_is_healthy_and_was_never_killed(stack: Stage, project: str, service: str) -> None:
    container = inspected(stack, project, service)
    state = container["State"]
    assert (state["Status"], state["Health"]["Status"]) == ("running", "healthy")
    assert (state["OOMKilled"], container["RestartCount"]) == (False, 0)


@pytest.mark.parametrize(("project", "service"), all_containers())
def test_no_secret_shows_in_the_container_s_description(stack: Stage, project: str, service: str) -> None:
    said = json.dumps(inspected(stack, project, service)["Config"])
    for path in sorted(stack.root.glob("secrets/*/*")) + sorted(stack.root.glob("releases/*/secrets/*/*")):
        assert path.read_text("utf-8") not in said, f"{path.name} shows"


def test_health_tells_of_database_queue_and_release(stack: Stage) -> None:
    answer = stack.ask("/api/health")
    assert answer.status_code == 200
    expected = {"ok": True, "service": "api", "db_ok": True, "redis_ok": True, "release": RELEASES[1]}
    assert answer.json() == expected


def test_items_come_page_by_page_newest_first(stack: Stage) -> None:
    seen: list[dict[str, str]] = []
    cursor = None
    while True:
        page = stack.ask("/api/items?limit=7" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) > 7
    assert len({item["id"] for item in seen}) == len(seen)
    dates = [item["created_at"] for item in seen]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("path", ["/", "/some/deep/link"])
def test_page_of_the_app_is_served_at_any_address(stack: Stage, path: str) -> None:
    response = stack.ask(path)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"
    assert '<div id="root">' in response.text


def test_page_loads_only_files_and_they_are_kept_for_good(stack: Stage) -> None:
    page = stack.ask("/").text
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assets = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert assets
    for path in assets:
        response = stack.ask(path, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/assets/missing.js", "/missing.png", "/static/missing.css"])
def test_missing_file_is_not_found(stack: Stage, path: str) -> None:
    assert stack.ask(path).status_code == 404


def test_script_s_request_for_a_page_is_not_found(stack: Stage) -> None:
    assert stack.ask("/some/deep/link", headers={"Sec-Fetch-Mode": "cors"}).status_code == 404


def test_www_leads_to_the_domain(stack: Stage) -> None:
    response = stack.ask("/a?b=c", host=f"www.{DOMAIN}")
    assert (response.status_code, response.headers["location"]) == (308, f"https://{DOMAIN}/a?b=c")


def test_django_s_static_files_are_served(stack: Stage) -> None:
    response = stack.ask("/static/admin/css/base.css")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/css")


def test_error_of_the_api_keeps_its_shape_and_its_id(stack: Stage) -> None:
    response = stack.ask("/api/items?cursor=nonsense", headers={"X-Request-Id": "0f6a2f5e-request"})
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"].startswith("application/problem+json")
    assert response.headers["x-request-id"] == "0f6a2f5e-request"


def test_release_is_rehearsed_on_a_copy_within_the_limits_of_its_one_shot_service(stack: Stage) -> None:
    made = docker("create", stack.variables["API_IMAGE"])
    (stack.root / "gate").mkdir(mode=0o755)
    docker("cp", f"{made}:/app/statements.json", str(stack.root / "gate" / "asked.json"))
    docker("rm", made)
    run: Any = SimpleNamespace(host=Host())
    postgres: Any = SimpleNamespace(id=stack.container("data", "postgres"))
    server = Postgres(run, postgres)
    server.make_copy()
    once = ("--profile", "oneshot", "run", "--rm", "--no-deps", "--no-TTY", "--env", f"DATABASE_NAME={COPY}")
    check = ("python", "manage.py", "release_check", "--statements", "/run/gate/asked.json", "--migrate")
    at = ("--volume", f"{stack.root}/gate:/run/gate:ro")
    said = stack.compose(f"app-{RELEASES[1]}", "app", *once, *at, "migrate", *check)
    report = json.loads(said.splitlines()[-1])
    server.drop_copy()
    assert (report["database"], report["pending"], report["problems"]) == (COPY, [], [])
    listed = json.loads((stack.root / "gate" / "asked.json").read_text("utf-8"))["statements"]
    assert report["statements_checked"] == len(listed) > 50
    assert [row["name"] for row in listed if "columns" not in row] == []


def test_old_release_stops_by_itself_in_time(stack: Stage) -> None:
    """Killed containers (137) would have cut what they were doing."""
    project = f"app-{RELEASES[0]}"
    stack.variables |= {"RELEASE": RELEASES[0], "RELEASE_DIR": str(stack.root / "releases" / RELEASES[0])}
    stack.compose(project, "app", "stop")
    killed = {service for service in SERVICES if inspected(stack, project, service)["State"]["ExitCode"] == 137}
    assert killed == set()
    assert stack.ask("/api/health").json()["release"] == RELEASES[1]
