"""A Postgres as a deployment has it, for tests and for what is recorded from one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.tests.containers import running, wait_until, write_secrets
from apps.tests.stack import PASSWORDS, ROLES_SQL, Postgres, free_port


@contextmanager
def open_postgres(secrets: Path) -> Iterator[Postgres]:
    """Start Postgres 17 with our roles and an empty database; the passwords' files go into `secrets`."""
    write_secrets(secrets, **{f"{name}_password": password for name, password in PASSWORDS.items()})
    secrets.chmod(0o755)
    mounts = ("--volume", f"{secrets}:/run/secrets:ro", "--volume", f"{ROLES_SQL}:/etc/slipway/roles.sql:ro")
    variables = ("POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password", "POSTGRES_INITDB_ARGS=--no-sync")
    options = (*mounts, *(part for variable in variables for part in ("--env", variable)))
    port = free_port()  # chosen here, because a port that Docker chooses changes when the container starts again
    publish = ("--publish", f"127.0.0.1:{port}:5432")
    command = ("postgres", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
    with running("postgres:17", (*publish, *options), command) as container:
        server = Postgres(container, port)
        wait_until(server.is_ready, "Postgres answers")
        server.apply_roles()
        yield server
