"""Where the artifacts of the droplet come from: one command each."""

from __future__ import annotations

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
# Asked of Django one after the other: each takes as much memory as Django itself, of whose limit it has a part.
INSIDE_DJANGO = {
    "django-migrate.txt": "python manage.py showmigrations --plan",
    "django-check-deploy.txt": "python manage.py check --deploy --fail-level WARNING 2>&1",
}


def schema_check(api: str, django: str) -> str:
    """Return the command that holds the API's statements, from one container, against the schema, in the other."""
    statements = f"docker exec {api} python -m api.statements --json"
    return f"{statements} | docker exec -i {django} python manage.py schema_compat_check --json --statements -"


def log_of(container: str) -> str:
    """Return the command that prints the end of a container's log."""
    return f"docker logs --timestamps --tail {LOG_LINES} {container} 2>&1"
