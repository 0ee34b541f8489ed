"""Where the artifacts of the droplet come from: one command each."""

from __future__ import annotations

import json
import shlex
from importlib import resources

from verification.droplet import ROOT

LOG_LINES = 400
CURRENT = f"{ROOT}/current"

# What must be there after a run, services' logs left out.
NAMES = (
    "compose-ps.txt",
    "compose-config.yml",
    "published-ports.txt",
    "traefik-env.txt",
    "traefik-static.yml",
    "traefik-dynamic.yml",
    "traefik-logs.txt",
    "api-logs.txt",
    "django-migrate.txt",
    "django-check-deploy.txt",
    "schema-compat-check.json",
    "curl-root.txt",
    "curl-api.txt",
    "curl-api-health.txt",
    "curl-admin-head.txt",
    "api-health.json",
    "celery-ping.json",
    "celery-result.json",
    "tls-cert.json",
    "rollout-journal.txt",
    "processes.txt",
)

REMOTE = {
    "compose-ps.txt": "docker ps --all --format 'table {{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Ports}}'",
    "compose-config.yml": f"cd {CURRENT}/compose && docker compose --env-file {CURRENT}/env -f app.yml config",
    "published-ports.txt": "docker ps --format '{{.Names}}\t{{.Ports}}' | grep -e '->' | sort",
    "traefik-static.yml": f"cat {ROOT}/edge/traefik.yml",
    "traefik-dynamic.yml": f"cat {ROOT}/edge/dynamic/dynamic.yml",
    "traefik-env.txt": "docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "
    "$(docker ps -q -f label=com.docker.compose.service=traefik)",
    "rollout-journal.txt": f"tail -n {LOG_LINES} {ROOT}/journal.jsonl",
    "processes.txt": "ps -eo pid,user,rss,args --sort pid",
}
# What Django's own commands say, one after the other in one process (in_django.py).
SCHEMA = "schema-compat-check.json"
OF_DJANGO = {
    SCHEMA: ["schema_compat_check", "--json", "--statements", "-"],
    "django-migrate.txt": ["showmigrations", "--plan"],
    "django-check-deploy.txt": ["check", "--deploy", "--fail-level", "WARNING"],
}


def ask_django(django: str, api: str | None) -> str:
    """Return the command that runs them in one container, with the statements that another one's API makes, if any."""
    program = resources.files("verification.artifacts").joinpath("in_django.py").read_text()
    asked = f"python -c {shlex.quote(program)} {shlex.quote(json.dumps(OF_DJANGO))}"
    statements = f"docker exec {api} python -m api.statements --json" if api else "true"
    return f"{statements} | docker exec -i {django} {asked}"


def log_of(container: str) -> str:
    """Return the command that prints the end of a container's log."""
    return f"docker logs --timestamps --tail {LOG_LINES} {container} 2>&1"
