"""Every page of the deployed site: for people who see badly, on a phone and a desk, in light and dark, and reloaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import violations
from tests.browser.chromium import DESKTOP, PHONE, Chromium, Theme, Watch
from tests.browser.mailbox import Mailbox
from tests.browser.person import Person, main, member
from tests.browser.site import Site

pytestmark = pytest.mark.deployed

FOR_ALL = {
    "/": "Launched, checked and under way.",
    "/items": "Items",
    "/sign-up": "Create an account",
    "/login": "Log in",
    "/forgot-password": "Forgot your password?",
    "/reset-password": "Open the link in your mail",
    "/verify-email": "Open the link in your mail",
    "/check-your-mail": "Check your mail",
    "/goodbye": "Your account is deleted",
    "/no/such/page": "There is no page at this address.",
}
FOR_STAFF = {
    "/dashboard": "Hello, ",
    "/items?owner=me": "Items",
    "/settings/profile": "Profile",
    "/settings/email": "Email",
    "/settings/password": "Password",
    "/settings/sessions": "Sessions",
    "/settings/privacy": "Privacy",
    "/users": "Users",
}
SIZES: dict[str, ViewportSize] = {"phone": PHONE, "desk": DESKTOP}
THEMES: tuple[Theme, ...] = ("light", "dark")


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    size: str
    theme: Theme

    def take(self, page: Page) -> None:
        page.set_viewport_size(SIZES[self.size])
        page.emulate_media(color_scheme=self.theme, reduced_motion="reduce")


LOOKS = [pytest.param(Look(size, theme), id=f"{size}-{theme}") for size in SIZES for theme in THEMES]


@pytest.fixture(scope="module")
def staff(chromium: Chromium, site: Site) -> Iterator[Page]:
    """Staff, signed in once for all pages."""
    site.forget_attempts()
    with chromium.person() as page:
        Person(name="", email=site.operator.staff_email, password=site.operator.password).log_in(page)
        yield page


@pytest.fixture(scope="module")
def stranger(chromium: Chromium) -> Iterator[Page]:
    """Somebody who is not signed in, in one context for all pages."""
    with chromium.person() as page:
        yield page


def open_settled(page: Page, path: str, title: str) -> None:
    """Open a page by its address, as a reload does, and wait until it has all that it asked for."""
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def examine(page: Page, path: str, look: Look, pictures: Path) -> None:
    """Take a picture, then ask what is wrong with the page."""
    name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "home"
    page.screenshot(path=pictures / f"{name}-{look.size}-{look.theme}.png", full_page=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0, f"{path} is {overflow} px wider than the window"
    is_dark = page.evaluate("document.documentElement.classList.contains('dark')")
    assert is_dark == (look.theme == "dark")
    found = violations(page)
    assert found == [], json.dumps(found, indent=2)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", FOR_ALL)
def test_a_page_for_all_is_in_order(path: str, look: Look, stranger: Page, pictures: Path, watch: Watch) -> None:
    look.take(stranger)
    open_settled(stranger, path, FOR_ALL[path])
    examine(stranger, path, look, pictures)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", FOR_STAFF)
def test_a_page_for_members_is_in_order(path: str, look: Look, staff: Page, pictures: Path, watch: Watch) -> None:
    look.take(staff)
    open_settled(staff, path, FOR_STAFF[path])
    examine(staff, path, look, pictures)


@pytest.mark.parametrize("look", LOOKS)
def test_an_item_and_its_dialog_are_in_order(look: Look, staff: Page, pictures: Path, watch: Watch) -> None:
    look.take(staff)
    staff.goto("/items", wait_until="networkidle")
    main(staff).get_by_role("listitem").get_by_role("link").first.click()
    staff.wait_for_url("**/items/*")
    staff.wait_for_load_state("networkidle")
    examine(staff, "/item", look, pictures)
    main(staff).get_by_role("button", name="Edit").click()
    expect(staff.get_by_role("dialog")).to_be_visible()
    examine(staff, "/item-dialog", look, pictures)
    staff.keyboard.press("Escape")
    expect(staff.get_by_role("dialog")).to_be_hidden()


def test_the_documentation_of_the_api_opens_under_the_policy(stranger: Page, pictures: Path, watch: Watch) -> None:
    stranger.goto("/api/docs", wait_until="networkidle")
    expect(stranger.get_by_text("/auth/login").first).to_be_visible()
    stranger.screenshot(path=pictures / "api-docs.png")


def test_the_way_to_an_account_needs_no_mouse(chromium: Chromium, mailbox: Mailbox, watch: Watch) -> None:
    person = member(chromium, mailbox)
    with chromium.person() as page:
        page.goto("/login", wait_until="networkidle")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.get_by_label("Email").focus()
        page.keyboard.type(person.email)
        page.keyboard.press("Tab")
        page.keyboard.type(person.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name=f"Hello, {person.name}")).to_be_visible()
