"""The statement that writes audit events; the API can read none."""

import json
from typing import Literal
from uuid import UUID

from api.callers import Caller
from api.database import Connection
from api.statements import statement

RECORD = statement("audit", "record")

Action = Literal[
    "account_deleted",
    "account_locked",
    "account_registered",
    "deletion_requested",
    "email_change_cancelled",
    "email_change_requested",
    "email_changed",
    "email_verified",
    "export_requested",
    "google_linked",
    "google_login",
    "item_changed",
    "item_deleted",
    "login",
    "login_failed",
    "logout",
    "password_changed",
    "password_check_failed",
    "password_reset",
    "password_reset_requested",
    "profile_changed",
    "refresh_reused",
    "registration_repeated",
    "session_refreshed",
    "session_revoked",
    "sessions_revoked",
    "verification_resent",
]


async def record(
    connection: Connection, *, action: Action, caller: Caller, account_id: UUID | None, **detail: str | int | list[str]
) -> None:
    """Write what happened, to whose account, and who asked for it."""
    await connection.execute(
        RECORD, account_id, action, caller.ip, caller.user_agent, caller.request_id, json.dumps(detail)
    )
