"""The images as a deployment runs them: no rights, nothing writable but /tmp."""

import gzip
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apps.tests.containers import LABEL, Container, docker, running, wait_until, write_secrets
from apps.tests.people import PASSWORD, add_account
from apps.tests.stack import (
    API_ROOT,
    DJANGO_ROOT,
    SIGNING_KEY,
    TOKEN,
    UNLIMITED,
    Api,
    Postgres,
    Redis,
    free_port,
    is_listening,
)

pytestmark = pytest.mark.docker
# Compressed, as a changed line ships it: some 70 KB for each when this was set.
CODE_LAYER_LIMIT = 100_000
CODE_COPIED = ("COPY api /app/api", "COPY /build/app /app")
HARDENED = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
VARIABLES = ("--env", "RELEASE=r1", "--env", "DOMAIN=slipway.test")
# Nothing listens there: the images must start all the same.
AWAY = {"redis_url": "redis://:x@127.0.0.1:1/0", "database_url": "postgresql://x:x@127.0.0.1:1/slipway"}


def build(context: Path, tag: str, *options: str) -> str:
    """Build an image with BuildKit and return its name."""
    name = f"slipway-apps-tests/{tag}"
    command = ["docker", "build", "--quiet", "--label", LABEL, "--tag", name, *options, str(context)]
    done = subprocess.run(
        command, env={**os.environ, "DOCKER_BUILDKIT": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return name


@pytest.fixture(scope="module")
def api_image() -> Iterator[str]:
    name = build(API_ROOT, "api")
    yield name
    docker("image", "rm", name)


@pytest.fixture(scope="module")
def django_image() -> Iterator[str]:
    name = build(DJANGO_ROOT, "django", "--target", "django")
    yield name
    docker("image", "rm", name)


@pytest.fixture(scope="module")
def static_image() -> Iterator[str]:
    name = build(DJANGO_ROOT, "static", "--target", "static")
    yield name
    docker("image", "rm", name)


def secrets_for(directory: Path, **more: str) -> tuple[str, str]:
    write_secrets(directory, **AWAY, **more)
    directory.chmod(0o755)
    return ("--volume", f"{directory}:/run/secrets:ro")


def code_layer_bytes(image: str) -> int:
    """Return the size of the layer with our code as it travels to a droplet: compressed."""
    saved = subprocess.run(["docker", "save", image], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(saved)) as archive:
        (manifest,) = json.loads(read_member(archive, "manifest.json"))
        history = json.loads(read_member(archive, manifest["Config"]))["history"]
        steps = [step.get("created_by", "") for step in history if not step.get("empty_layer")]
        assert len(steps) == len(manifest["Layers"])
        (index,) = [number for number, step in enumerate(steps) if any(words in step for words in CODE_COPIED)]
        return len(gzip.compress(read_member(archive, manifest["Layers"][index])))


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None
    return member.read()


def test_the_api_runs_without_rights_and_checks_its_own_health(api_image: str, tmp_path: Path) -> None:
    mounts = secrets_for(tmp_path, verification_token=TOKEN, jwt_signing_key=SIGNING_KEY)
    with running(api_image, (*HARDENED, *VARIABLES, *mounts)) as container:
        wait_until(lambda: "Uvicorn running" in container.logs(), "the API serves")
        answer = subprocess.run(
            ["docker", "exec", container.name, "python", "-m", "api.healthcheck"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (answer.returncode, '"db_ok": false' in answer.stdout) == (1, True)
        assert container.run("id", "-u") == "10001"


def test_passwords_are_checked_within_the_memory_of_the_deployment(
    api_image: str, tables: Postgres, redis: Redis, tmp_path: Path
) -> None:
    """A hash takes 100 MiB of 208: two at once, or one beside a process that grew, would end the container."""
    add_account(tables, "ada@example.org")
    port, metrics_port = free_port(), free_port()
    secrets = {"database_url": tables.url("api"), "redis_url": redis.url}
    write_secrets(tmp_path, **secrets, verification_token=TOKEN, jwt_signing_key=SIGNING_KEY)
    tmp_path.chmod(0o755)
    ports = {"API_HOST": "127.0.0.1", "API_PORT": str(port), "METRICS_PORT": str(metrics_port)}
    variables = [part for name, value in {**UNLIMITED, **ports}.items() for part in ("--env", f"{name}={value}")]
    limits = ("--network", "host", "--memory", "208m", "--memory-swap", "208m", "--pids-limit", "64")
    mounts = ("--volume", f"{tmp_path}:/run/secrets:ro")
    with (
        running(api_image, (*HARDENED, *VARIABLES, *variables, *limits, *mounts)) as container,
        Api(port, metrics_port) as api,
    ):
        wait_until(lambda: is_listening(port), "the API serves")

        def sign_in(number: int) -> int:
            body = {"email": "ada@example.org", "password": PASSWORD if number % 2 else "wrong"}
            return api.post("/auth/login", json=body, timeout=120).status_code

        with ThreadPoolExecutor(8) as threads:
            assert set(threads.map(sign_in, range(16))) == {200, 401}
        for _ in range(50):
            assert api.get("/items").status_code == 200
        assert docker("inspect", "--format", "{{.State.OOMKilled}} {{.RestartCount}}", container.name) == "false 0"


def test_django_serves_without_rights_and_knows_its_static_files(django_image: str, tmp_path: Path) -> None:
    mounts = secrets_for(tmp_path, django_secret_key="k" * 60)
    with running(django_image, (*HARDENED, *VARIABLES, *mounts)) as container:
        wait_until(lambda: "Booting worker" in container.logs(), "gunicorn serves")
        page = (
            "import urllib.request as u; print(u.urlopen(u.Request('http://127.0.0.1:8000/admin/login/', "
            "headers={'Host': 'admin.slipway.test', 'X-Forwarded-Proto': 'https'})).read().decode())"
        )
        assert "/static/admin/css/base." in container.run("python", "-c", page)
        assert container.run("id", "-u") == "10001"
        assert not container.succeeds("python", "-m", "django_admin.healthcheck", "web")


def fetch(container: Container, path: str) -> str:
    """Ask the container's own nginx and return head and body."""
    request = f"exec 3<>/dev/tcp/127.0.0.1/8081; printf 'GET {path} HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
    return container.run("bash", "-c", request)


def test_the_static_files_are_served_without_rights(static_image: str) -> None:
    with running(static_image, HARDENED) as container:
        wait_until(lambda: container.succeeds("healthcheck"), "nginx serves")
        hashed = container.run("bash", "-c", "cd /srv && ls static/admin/css/base.*.css")
        assert "max-age=31536000, immutable" in fetch(container, f"/{hashed}")
        plain = fetch(container, "/static/admin/css/base.css")
        assert plain.startswith("HTTP/1.1 200")
        assert "immutable" not in plain
        for path in ("/static/staticfiles.json", "/static/nothing.css", "/", "/etc/passwd"):
            assert fetch(container, path).startswith("HTTP/1.1 404"), path
        assert container.run("id", "-u") == "101"


def test_a_changed_line_of_code_changes_one_small_layer(api_image: str, tmp_path: Path) -> None:
    def layers(image: str) -> list[str]:
        return docker("image", "inspect", "--format", '{{join .RootFS.Layers "\\n"}}', image).splitlines()

    changed_root = tmp_path / "api"
    shutil.copytree(API_ROOT, changed_root)
    with (changed_root / "api" / "app.py").open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    changed = build(changed_root, "api-changed")
    try:
        assert layers(changed)[:-1] == layers(api_image)[:-1]
        assert layers(changed)[-1] != layers(api_image)[-1]
        assert code_layer_bytes(changed) < CODE_LAYER_LIMIT
    finally:
        docker("image", "rm", changed)


def test_djangos_code_is_one_small_layer(django_image: str) -> None:
    assert code_layer_bytes(django_image) < CODE_LAYER_LIMIT


def test_no_image_names_a_secret_in_its_environment(api_image: str, django_image: str) -> None:
    for image in (api_image, django_image):
        variables = docker("image", "inspect", "--format", "{{json .Config.Env}}", image).upper()
        assert [word for word in ("SECRET", "PASSWORD", "TOKEN", "_URL", "_KEY") if word in variables] == []
