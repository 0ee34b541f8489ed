"""Where the site's mail goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SmtpSecurity = Literal["none", "starttls", "tls"]
USUAL_PORTS: dict[SmtpSecurity, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class MailServer:
    """The server that takes outgoing mail; without a host, mail waits in the outbox."""

    host: str
    port: int
    security: SmtpSecurity
    user: str
    sender: str

    def variables(self) -> dict[str, str]:
        """Return what Django's containers are told; the password travels as a file."""
        return {
            "SMTP_HOST": self.host,
            "SMTP_PORT": str(self.port),
            "SMTP_SECURITY": self.security,
            "SMTP_USER": self.user,
            "MAIL_FROM": self.sender,
        }


def catcher(sender: str) -> MailServer:
    """Return the service `mail` of compose/ops.yml, which delivers nothing."""
    return MailServer("mail", 1025, "none", "", sender)
