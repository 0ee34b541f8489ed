"""Mails as text and HTML: `templates/mail/<name>.txt` and `.html`, and here what each one needs.

No mail repeats what a user typed, but for addresses: whoever signs up with somebody else's address must not be able
to write to them. Tokens go into the fragment of a link, which browsers send to no server and no log sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string

from django_admin.mail.errors import MailUnrenderable


@dataclass(frozen=True)
class Letter:
    """One kind of mail: its subject, the page that its link opens, and what the context must hold."""

    subject: str
    page: str = ""
    needs: tuple[str, ...] = ()

    def link(self, context: Mapping[str, Any]) -> str:
        """Return the address of the page, with the token where there is one."""
        fragment = f"#token={quote(str(context['token']), safe='')}" if "token" in self.needs else ""
        return f"{site()}{self.page}{fragment}"


@dataclass(frozen=True)
class Rendered:
    """A mail's words."""

    subject: str
    text: str
    html: str


LETTERS = {
    "verify_email": Letter("Confirm your email address", "/verify-email", ("token",)),
    "already_registered": Letter("You already have an account", "/login"),
    "reset_password": Letter("Choose a new password", "/reset-password", ("token",)),
    "change_email": Letter("Confirm your new email address", "/verify-email", ("token",)),
    "email_changed": Letter("Your email address was changed", needs=("new_email",)),
    "password_changed": Letter("Your password was changed", "/forgot-password"),
    "account_deleted": Letter("Your account was deleted"),
    "export_ready": Letter("Your data is ready", "/settings/privacy", ("job_id",)),
}

FONT = "font-family: -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif;"
# Mail programs drop style sheets, so every element carries its own.
STYLE = {
    "page": f"margin: 0; padding: 0; background: #f1f5f9; {FONT}",
    "preheader": "display: none; max-height: 0; overflow: hidden;",
    "card": "max-width: 560px; background: #ffffff; border: 1px solid #dbe3ee; border-radius: 12px;",
    "brand": "margin: 0 0 24px; font-size: 14px; font-weight: 600; letter-spacing: 0.04em; color: #4a5d78;",
    "title": "margin: 0 0 16px; font-size: 24px; line-height: 32px; font-weight: 650; color: #0f1b2d;",
    "text": "margin: 0 0 16px; font-size: 16px; line-height: 25px; color: #24344d;",
    "link": "color: #1d5fd1;",
    "small": "max-width: 560px; margin: 20px 0 0; font-size: 13px; line-height: 20px; color: #4a5d78;",
    "hint": "margin: 0 0 24px; font-size: 13px; line-height: 20px; color: #4a5d78;",
    "address": "color: #1d5fd1; word-break: break-all;",
    "button_cell": "border-radius: 8px; background: #1d5fd1;",
    "button": "display: inline-block; padding: 12px 22px; font-size: 16px; font-weight: 600; color: #ffffff; "
    "text-decoration: none;",
}


def site() -> str:
    """Return the address of the front end."""
    return f"https://{settings.DOMAIN}"


def in_words(lifetime: timedelta | None) -> str:
    """Return a time in whole hours."""
    hours = round(lifetime / timedelta(hours=1)) if lifetime else 0
    return {0: "", 1: "an hour"}.get(hours, f"{hours} hours")


def render(template: str, context: Mapping[str, Any], lifetime: timedelta | None = None) -> Rendered:
    """Put a mail into words; `lifetime` is that of its token.

    Raises `MailUnrenderable` if there is no such mail or its context lacks something.
    """
    letter = LETTERS.get(template)
    if letter is None:
        raise MailUnrenderable(f"there is no mail '{template}'")
    missing = [name for name in letter.needs if not context.get(name)]
    if missing:
        raise MailUnrenderable(f"the context of a mail '{template}' lacks {', '.join(missing)}")
    values = {
        **{name: context[name] for name in letter.needs},
        "subject": letter.subject,
        "link": letter.link(context),
        "lifetime": in_words(lifetime),
        "forgot_link": f"{site()}/forgot-password",
        "site": site(),
        "domain": settings.DOMAIN,
        "style": STYLE,
    }
    text, html = (render_to_string(f"mail/{template}.{kind}", values) for kind in ("txt", "html"))
    return Rendered(letter.subject, text, html)
