"""How what runs on the droplet can be wrong: services, data, and what is collected of them."""

from __future__ import annotations

from typing import Any

from verification.checks import test_artifacts, test_data_and_jobs, test_services
from verification.tests.proofs.proof import Break, Proof, add_stray, writing
from verification.tests.world import SECRET, World

OPENINGS: dict[str, dict[str, object]] = {
    "a writable root": {"ReadonlyRootfs": False},
    "capabilities kept": {"CapDrop": None},
    "a capability added": {"CapAdd": ["SYS_ADMIN"]},
    "a privileged container": {"Privileged": True},
    "new privileges": {"SecurityOpt": None},
    "memory without limit": {"Memory": 0},
    "processes without limit": {"PidsLimit": None},
}


def inspecting(**changed: Any) -> Break:
    """Let the API's container be otherwise, in its HostConfig."""
    return lambda world, patch: _of(world, "api")["HostConfig"].update(changed)


def _of(world: World, service: str) -> dict[str, Any]:
    return world.droplet.container(service)


PROOFS = {
    # Services
    "a stopped worker": Proof(
        test_services,
        "test_every_service_runs_and_is_healthy",
        lambda w, p: w.containers.remove(_of(w, "worker")),
    ),
    "an unhealthy API": Proof(
        test_services,
        "test_every_service_runs_and_is_healthy",
        lambda w, p: _of(w, "api")["State"]["Health"].update(Status="unhealthy"),
    ),
    "a stray container": Proof(test_services, "test_nothing_else_runs", add_stray),
    **{
        name: Proof(test_services, "test_containers_are_hardened", inspecting(**changed))
        for name, changed in OPENINGS.items()
    },
    "root": Proof(
        test_services, "test_containers_are_hardened", lambda w, p: _of(w, "api")["Config"].update(User="root:root")
    ),
    "the Docker socket": Proof(
        test_services,
        "test_containers_are_hardened",
        lambda w, p: _of(w, "api")["Mounts"].append({"Source": "/var/run/docker.sock"}),
    ),
    "a secret in an environment": Proof(
        test_services,
        "test_no_secret_is_an_argument_or_in_an_environment",
        lambda w, p: _of(w, "api")["Config"]["Env"].append(f"KEY={SECRET}"),
    ),
    "a secret as an argument": Proof(
        test_services,
        "test_no_secret_is_an_argument_or_in_an_environment",
        lambda w, p: _of(w, "api")["Args"].append(SECRET),
    ),
    "an API that counts nothing": Proof(
        test_services,
        "test_the_api_counts_its_requests_on_a_port_of_its_own",
        lambda w, p: w.droplet.said.update(metrics="nothing"),
    ),
    "a mail server that is not there": Proof(
        test_services,
        "test_the_worker_reaches_the_mail_server_that_it_is_told_of",
        lambda w, p: w.droplet.said.update({"SMTP_HOST": "mail.example"}),
    ),
    # Data and jobs
    "an unapplied migration": Proof(
        test_data_and_jobs,
        "test_migrations_are_applied",
        writing("django-migrate.txt", "[X]  a.0001\n[ ]  item.0003_new"),
    ),
    "no migrations at all": Proof(
        test_data_and_jobs, "test_migrations_are_applied", writing("django-migrate.txt", "(none)")
    ),
    "a statement that fits no more": Proof(
        test_data_and_jobs,
        "test_every_api_statement_fits_the_schema",
        writing(
            "schema-compat-check.json",
            '{"ok": false, "statements_checked": 52, "problems": [{"message": "no column"}]}',
        ),
    ),
    "nothing asked of the schema": Proof(
        test_data_and_jobs,
        "test_every_api_statement_fits_the_schema",
        writing("schema-compat-check.json", '{"ok": true, "statements_checked": 0, "problems": []}'),
    ),
    "a warning of Django": Proof(
        test_data_and_jobs,
        "test_django_is_ready_for_deployment",
        writing("django-check-deploy.txt", "?: (security.W004) You have not set SECURE_HSTS_SECONDS"),
    ),
    "a task that fails": Proof(
        test_data_and_jobs,
        "test_celery_answers_through_the_api",
        writing("celery-result.json", '{"state": "FAILURE"}'),
    ),
    # Artifacts
    "a missing artifact": Proof(
        test_artifacts, "test_every_artifact_is_there", lambda w, p: (w.artifacts.path / "api-logs.txt").unlink()
    ),
    "a source that failed": Proof(
        test_artifacts, "test_every_artifact_is_there", lambda w, p: w.artifacts.missing.update(x="no SSH")
    ),
    "a broken document": Proof(
        test_artifacts, "test_structured_artifacts_are_well_formed", writing("api-health.json", '{"ok": tru')
    ),
    "a secret that was written down": Proof(
        test_artifacts,
        "test_no_artifact_holds_a_secret",
        lambda w, p: (w.artifacts.path / "api-logs.txt").write_text(f"key {SECRET}"),
    ),
    "a secret in a log": Proof(
        test_artifacts, "test_no_log_or_listing_tells_a_secret", writing("services/api.log", f"key {SECRET}")
    ),
}
