"""Who passes the guarded hosts of stack `local`: one user, whose password is made once and kept to its owner."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import bcrypt

from slipway.environment import LOCAL
from slipway.facts import Facts
from slipway.project import Project

USER = "operator"
# What Traefik checks at each request of a guarded host: 10 takes some 60 ms, and less is refused by the settings.
BCRYPT_COST = 10
PASSWORD_BYTES = 18


@dataclass(frozen=True)
class SignIn:
    """How a person gets past the guards, and into Django's admin behind one of them."""

    user: str
    staff_email: str
    password_file: Path

    @property
    def password(self) -> str:
        """The password of both."""
        return self.password_file.read_text().strip()


def new_password() -> str:
    """Return a password that nobody guesses and a shell needs no quotes for."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def users_line(password: str) -> str:
    """Return the line of the guarded hosts' htpasswd file."""
    digest = bcrypt.hashpw(password.encode(), bcrypt.gensalt(BCRYPT_COST))
    return f"{USER}:{digest.decode()}"


def staff_email(domain: str) -> str:
    """Return the address of the account that may do everything in Django's admin."""
    return f"{USER}@{domain}"


def sign_in(project: Project, facts: Facts) -> SignIn | None:
    """Return how to sign in, where this checkout made the password; another stack's users are its operators' own."""
    if facts.stack != LOCAL or not facts.guarded_hosts or not project.guard_password.is_file():
        return None
    return SignIn(USER, staff_email(facts.domain), project.guard_password)
