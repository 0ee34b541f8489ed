"""Somebody who uses the site: by role and label, as people and screen readers find their way."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Chromium
from tests.browser.mailbox import Mailbox


def _new_address() -> str:
    return f"ada-{uuid.uuid4().hex[:10]}@example.com"


@dataclass
class Person:
    """Name, address and password; the page in front of them is handed to each act."""

    name: str = "Ada Lovelace"
    email: str = field(default_factory=_new_address)
    password: str = "a lantern over the harbour"

    def sign_up(self, page: Page) -> None:
        """Fill the form in, and be sent to the mailbox."""
        page.goto("/sign-up")
        page.get_by_label("Name", exact=True).fill(self.name)
        page.get_by_label("Email").fill(self.email)
        page.get_by_label("Password", exact=True).fill(self.password)
        button(page, "Sign up").click()
        on_page(page, "/check-your-mail", "Check your mail")
        expect(page.get_by_text(self.email)).to_be_visible()

    def confirm(self, page: Page, mailbox: Mailbox) -> None:
        """Open the link in the mail."""
        page.goto(mailbox.await_link(self.email, "/verify-email"))
        on_page(page, "/verify-email", "Your address is confirmed")

    def log_in(self, page: Page) -> None:
        """Come in by the front door."""
        page.goto("/login")
        self.fill_in(page)
        on_page(page, "/dashboard", f"Hello, {self.name or self.email.partition('@')[0]}")

    def fill_in(self, page: Page) -> None:
        """Give address and password, wherever they are asked for."""
        page.get_by_label("Email").fill(self.email)
        page.get_by_label("Password", exact=True).fill(self.password)
        main(page).get_by_role("button", name="Log in").click()


def member(chromium: Chromium, mailbox: Mailbox) -> Person:
    """Return somebody with a confirmed account."""
    person = Person()
    chromium.site.forget_attempts()
    with chromium.person() as page:
        person.sign_up(page)
        person.confirm(page, mailbox)
    return person


def main(page: Page) -> Locator:
    """Return the page's content, without header and footer."""
    return page.get_by_role("main")


def button(page: Page, name: str) -> Locator:
    """Return a button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def on_page(page: Page, path: str, title: str) -> None:
    """Wait for a page by its address and its heading."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"^[^?#]*{re.escape(path)}([?#]|$)"))


def notified(page: Page, words: str) -> Locator:
    """Return the one notification that has these words."""
    return page.get_by_role("region", name="Notifications").locator("> *").filter(has_text=words)


def told(page: Page, words: str) -> None:
    """Wait for a notification."""
    expect(notified(page, words)).to_be_visible()
