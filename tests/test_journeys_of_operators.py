"""The guarded hosts of the deployed stack, as an operator opens them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.chromium import Chromium, Watch
from tests.browser.mailbox import Mailbox
from tests.browser.person import Person
from tests.browser.site import Site

pytestmark = pytest.mark.deployed


@pytest.fixture
def operator(chromium: Chromium) -> Iterator[Page]:
    """A page of somebody who knows the guards' password."""
    with chromium.person(is_operator=True) as page:
        yield page


@pytest.mark.parametrize("label", ["admin", "mail"])
def test_a_stranger_meets_a_guard(label: str, visitor: Page, site: Site) -> None:
    with pytest.raises(Error, match="ERR_INVALID_AUTH_CREDENTIALS"):
        visitor.goto(site.url(label=label))


def test_the_admin_opens_for_staff_under_the_site_s_own_policy(operator: Page, site: Site, watch: Watch) -> None:
    operator.goto(site.url("/admin/", label="admin"))
    operator.get_by_label("Email").fill(site.operator.staff_email)
    operator.get_by_label("Password").fill(site.operator.password)
    operator.get_by_role("button", name="Log in").click()
    expect(operator.get_by_role("heading", name="Site administration")).to_be_visible()
    operator.goto(site.url("/admin/items/item/", label="admin"))
    expect(operator.get_by_role("link", name="Add item").first).to_be_visible()


def test_the_catcher_shows_what_the_site_sent(operator: Page, visitor: Page, site: Site, mailbox: Mailbox) -> None:
    site.forget_attempts()
    person = Person()
    person.sign_up(visitor)
    mail = mailbox.await_mail(person.email, "confirm")
    assert mail.sender.endswith(site.deployment.domain)
    operator.goto(site.url(label="mail"))
    operator.get_by_text(mail.subject).first.click()
    expect(operator.get_by_text(person.email).first).to_be_visible()
