"""The errors of this project."""

from collections.abc import Sequence


class EnvironmentInvalid(Exception):
    """The environment or the secrets cannot be used; the message names each one at fault, and no value."""

    def __init__(self, faults: Sequence[str]) -> None:
        lines = [f"  - {fault}" for fault in faults]
        super().__init__("\n".join(["Django cannot start, its environment is wrong:", *lines]))


class StatementsUnreadable(Exception):
    """The list of SQL statements that a schema check was given is not one."""

    def __init__(self, source: str, fault: str) -> None:
        super().__init__(
            f"{source} is no list of SQL statements ({fault}). "
            'Expected: {"statements": [{"name": …, "file": …, "text": …}, …]}'
        )


class MigrationLocked(Exception):
    """Another process migrates this database at this moment."""

    def __init__(self) -> None:
        super().__init__("another migration of this database is running; wait until it has ended and try again")


class MigrationBlocked(Exception):
    """A lock that a migration needs was not to be had, however often it tried."""

    def __init__(self, migration: str, tries: int, holders: Sequence[str]) -> None:
        told = "; ".join(holders) or "a session that had ended when it was looked for"
        super().__init__(
            f"{migration} got no lock in {tries} tries, so that nobody waited long behind it; held by {told}. "
            "Wait for that session or end it (pg_terminate_backend), then deploy again"
        )


class MigrationRoleWrong(Exception):
    """Migrating was asked for with a role that does not own the tables."""

    def __init__(self, role: str) -> None:
        super().__init__(f"DATABASE_ROLE is '{role}'; migrations run with DATABASE_ROLE=owner")
