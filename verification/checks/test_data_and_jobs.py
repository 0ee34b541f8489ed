"""The schema is the release's, and background jobs are done."""

from __future__ import annotations

import json
import re

import pytest

from verification.artifacts.folder import Folder
from verification.expect import Expect


@pytest.mark.to_do("Deploy again: a release migrates first. The list is in django-migrate.txt of the artifacts.")
def test_migrations_are_applied(artifacts: Folder, expect: Expect) -> None:
    """An unapplied migration stands as `[ ]`."""
    plan = artifacts.read("django-migrate.txt")
    applied = re.findall(r"^\[X\]", plan, re.MULTILINE)
    expect.at_least("applied", len(applied), 1)
    expect.nothing("not applied", re.findall(r"^\[ \]\s+(\S+)", plan, re.MULTILINE))
    expect.note(f"{len(applied)} migrations")


@pytest.mark.to_do(
    "Someone changed the schema by hand, or a migration is missing: `problems` of schema-compat-check.json."
)
def test_every_api_statement_fits_the_schema(artifacts: Folder, expect: Expect) -> None:
    """Each statement was described on the live schema: what it takes and gives is what the API was made for."""
    report = json.loads(artifacts.read("schema-compat-check.json"))
    expect.equal("ok", report["ok"], True)
    expect.nothing("problems", [problem["message"] for problem in report["problems"]])
    expect.at_least("statements", report["statements_checked"], 1)
    expect.note(f"{report['statements_checked']} statements fit")


@pytest.mark.to_do("Mend the settings that it names: apps/django_admin/django_admin/settings.py.")
def test_django_is_ready_for_deployment(artifacts: Folder, expect: Expect) -> None:
    """`check --deploy --fail-level WARNING` is clean."""
    said = artifacts.read("django-check-deploy.txt").strip()
    expect.that("check --deploy", "no issues" in said, said, "no issues")


@pytest.mark.to_do("Look why: `slipway logs worker`, `slipway logs redis`.")
def test_celery_answers_through_the_api(artifacts: Folder, expect: Expect) -> None:
    """A task goes from the API over Redis to the worker, and its result comes back."""
    task = json.loads(artifacts.read("celery-ping.json")).get("task_id")
    expect.that("task", bool(task), task, "an id")
    result = json.loads(artifacts.read("celery-result.json"))
    expect.equal("state", result["state"], "SUCCESS")
