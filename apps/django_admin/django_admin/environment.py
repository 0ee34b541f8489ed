"""What differs between deployments: the environment and the secret files, read once, checked whole, frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from django_admin.errors import EnvironmentInvalid

SECRETS_DIR = "/run/secrets"
# Which secret holds the URL of the database, by the value of DATABASE_ROLE.
DATABASE_SECRETS = {"app": "database_url", "owner": "migration_database_url"}
MIN_KEY_LENGTH = 50  # what `check --deploy` asks for
# How a mail server is spoken to; with starttls or tls its certificate must be good.
SMTP_SECURITY = ("none", "starttls", "tls")
TRUE, FALSE = frozenset({"1", "true", "yes"}), frozenset({"", "0", "false", "no"})


@dataclass(frozen=True)
class DatabaseAddress:
    """The parts of a postgresql:// URL."""

    name: str
    user: str
    password: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL; raise `ValueError` if a part is missing."""
        parts = urlsplit(url)
        name = parts.path.removeprefix("/")
        if parts.scheme not in {"postgresql", "postgres"} or not (name and parts.username and parts.hostname):
            raise ValueError
        return cls(
            unquote(name), unquote(parts.username), unquote(parts.password or ""), parts.hostname, parts.port or 5432
        )


@dataclass(frozen=True)
class MailServer:
    """Where mails go; without a host they wait in the outbox."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


@dataclass(frozen=True)
class Environment:
    """The settings of one deployment."""

    release: str
    domain: str
    database_role: str
    database: DatabaseAddress
    redis_url: str
    mail: MailServer
    secret_key: str
    static_root: Path
    log_level: str
    migration_statement_timeout_s: int
    migration_lock_timeout_s: int
    migration_tries: int
    is_copy: bool
    is_demo_wanted: bool

    @classmethod
    def load(cls, variables: Mapping[str, str] | None = None) -> Self:
        """Read everything; raise `EnvironmentInvalid` with every fault at once."""
        reader = Reader(os.environ if variables is None else variables)
        role = reader.choice("DATABASE_ROLE", "app", tuple(DATABASE_SECRETS))
        environment = cls(
            release=reader.text("RELEASE"),
            domain=reader.text("DOMAIN"),
            database_role=role,
            database=reader.database(DATABASE_SECRETS[role]),
            redis_url=reader.secret("redis_url"),
            mail=reader.mail_server(),
            secret_key=reader.key("django_secret_key"),
            static_root=Path(reader.text("STATIC_ROOT", "/srv/static")),
            log_level=reader.choice("DJANGO_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
            migration_statement_timeout_s=reader.number("MIGRATION_STATEMENT_TIMEOUT_S", 120),
            migration_lock_timeout_s=reader.number("MIGRATION_LOCK_TIMEOUT_S", 4),
            migration_tries=reader.number("MIGRATION_TRIES", 5),
            is_copy=reader.is_copy,
            is_demo_wanted=reader.flag("SEED_DEMO"),
        )
        if reader.faults:
            raise EnvironmentInvalid(reader.faults)
        return environment


class Reader:
    """Reads values and remembers what is wrong with them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._secrets_dir = Path(variables.get("SECRETS_DIR", SECRETS_DIR))
        # Another database on the same server than the secret names: a copy, on which a release is rehearsed.
        self._copy = variables.get("DATABASE_NAME", "").strip()
        self.is_copy = bool(self._copy)
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """Read a variable that must not be empty."""
        value = self._variables.get(name, default).strip()
        if not value:
            self.faults.append(f"environment variable {name} is not set")
        return value

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """Read a variable that is one of a few words."""
        value = self.text(name, default)
        if value in allowed:
            return value
        self.faults.append(f"environment variable {name} must be one of: {', '.join(allowed)}")
        return default

    def number(self, name: str, default: int) -> int:
        """Read a variable that is a whole number above zero."""
        value = self.text(name, str(default))
        if value.isdecimal() and int(value) > 0:
            return int(value)
        self.faults.append(f"environment variable {name} must be a whole number above 0")
        return default

    def flag(self, name: str) -> bool:
        """Read a variable that is a yes or a no, by default no."""
        value = self._variables.get(name, "").strip().lower()
        if value not in TRUE | FALSE:
            self.faults.append(f"environment variable {name} must be 1 or 0")
        return value in TRUE

    def mail_server(self) -> MailServer:
        """Read what belongs to mail; a user of the server needs a password."""
        user = self._variables.get("SMTP_USER", "").strip()
        return MailServer(
            host=self._variables.get("SMTP_HOST", "").strip(),
            port=self.number("SMTP_PORT", 25),
            security=self.choice("SMTP_SECURITY", "starttls", SMTP_SECURITY),
            user=user,
            password=self.secret("smtp_password") if user else "",
            sender=self.text("MAIL_FROM", f"Slipway <no-reply@{self._variables.get('DOMAIN', '').strip()}>"),
        )

    def secret(self, name: str) -> str:
        """Read a secret file."""
        path = self._secrets_dir / name
        try:
            value = path.read_text(encoding="utf-8").strip()
        except OSError as error:
            self.faults.append(f"secret file {path} cannot be read: {error.strerror}")
            return ""
        if not value:
            self.faults.append(f"secret file {path} is empty")
        return value

    def key(self, name: str) -> str:
        """Read a secret that signs things and therefore must be long."""
        value = self.secret(name)
        if value and len(value) < MIN_KEY_LENGTH:
            self.faults.append(f"secret file {self._secrets_dir / name} is shorter than {MIN_KEY_LENGTH} characters")
        return value

    def database(self, name: str) -> DatabaseAddress:
        """Read a secret that is the URL of a database."""
        value = self.secret(name)
        try:
            address = DatabaseAddress.parse(value)
            return replace(address, name=self._copy or address.name)
        except ValueError:
            if value:
                self.faults.append(
                    f"secret file {self._secrets_dir / name} must be postgresql://user:password@host/name"
                )
            return DatabaseAddress("", "", "", "", 0)
