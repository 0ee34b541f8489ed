from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import bcrypt
import pytest
from rich.console import Console

from slipway.facts import Facts
from slipway.guard import USER, new_password, sign_in, users_line
from slipway.manage import manage_argv
from slipway.printing import print_status
from slipway.project import Project
from slipway.status import Status
from traefik.settings import check_users_file

PASSWORD = "the-password-of-the-operator"
FACTS = Facts(
    stack="local",
    site="https://slipway.test",
    domain="slipway.test",
    address="198.18.1.1",
    ssh_user="root",
    ssh_port=22,
    ssh_key=None,
    known_hosts=Path("known_hosts"),
    ca_file=None,
    do_api_url="http://127.0.0.1:8190",
    dns_server=None,
    guarded_hosts=("admin", "mail"),
    release="20260101-000000-abc1234",
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.guard_password.parent.mkdir(parents=True)
    project.guard_password.write_text(PASSWORD + "\n")
    return project


def status(project: Project) -> Status:
    return Status(FACTS, FACTS.release, None, (), None, sign_in(project, FACTS))


def shown(project: Project, *, terminal: bool) -> str:
    out = StringIO()
    print_status(Console(file=out, force_terminal=terminal, highlight=False, width=200), status(project))
    return out.getvalue()


def test_the_users_line_lets_the_password_in_and_satisfies_the_edge() -> None:
    password = new_password()
    line = users_line(password)
    check_users_file(line)
    user, _, digest = line.partition(":")
    assert user == USER
    assert bcrypt.checkpw(password.encode(), digest.encode())
    assert not bcrypt.checkpw(b"another", digest.encode())


def test_a_person_is_shown_the_doors_and_the_password(project: Project) -> None:
    said = shown(project, terminal=True)
    for wanted in ("https://admin.slipway.test", "https://mail.slipway.test", "operator@slipway.test", PASSWORD):
        assert wanted in said


def test_a_log_is_told_only_where_the_password_lies(project: Project) -> None:
    said = shown(project, terminal=False)
    assert PASSWORD not in said
    assert str(project.guard_password) in said


def test_the_document_for_programs_holds_no_password(project: Project) -> None:
    document = status(project).as_json()
    assert document["guarded"] == {"admin": "https://admin.slipway.test", "mail": "https://mail.slipway.test"}
    assert document["sign_in"]["user"] == USER
    assert PASSWORD not in json.dumps(document)


def test_another_stack_s_users_are_its_operators_own(project: Project) -> None:
    assert sign_in(project, replace(FACTS, stack="staging")) is None
    assert sign_in(project, replace(FACTS, guarded_hosts=())) is None


def test_django_s_commands_run_in_a_container_of_their_own() -> None:
    command = manage_argv(FACTS, ["make_staff", "a b@example.com"])[-1]
    assert " run --rm --no-deps -T django python manage.py make_staff 'a b@example.com'" in command
