"""What people do with the site, in a real browser on the deployed stack, through Traefik and TLS.

`JOURNEYS_ON=. pytest tests/test_journeys.py` takes the stack `local` that stands, of the checkout named.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Chromium, Watch
from tests.browser.mailbox import Mailbox
from tests.browser.person import Person, button, main, member, notified, on_page, told
from tests.browser.site import Site

pytestmark = pytest.mark.deployed


@pytest.fixture(autouse=True)
def quiet(watch: Watch) -> None:
    """In each journey the browser has nothing to complain of: no violated policy, no error, no 5xx."""


@pytest.fixture
def someone(chromium: Chromium, mailbox: Mailbox) -> Person:
    """Somebody with a confirmed account."""
    return member(chromium, mailbox)


def test_a_person_signs_up_confirms_the_address_and_comes_in(visitor: Page, site: Site, mailbox: Mailbox) -> None:
    site.forget_attempts()
    person = Person()
    person.sign_up(visitor)
    mail = mailbox.await_link(person.email, "/verify-email")
    assert "?" not in mail, "a token in the query would stand in every log"
    visitor.goto(mail)
    on_page(visitor, "/verify-email", "Your address is confirmed")
    assert "token" not in visitor.url
    person.log_in(visitor)
    expect(main(visitor).get_by_text("Confirmed", exact=True)).to_be_visible()
    visitor.reload()
    on_page(visitor, "/dashboard", f"Hello, {person.name}")


def test_who_signs_up_twice_is_answered_alike_but_told_by_mail(
    visitor: Page, someone: Person, mailbox: Mailbox
) -> None:
    someone.sign_up(visitor)
    mail = mailbox.await_mail(someone.email, "already have an account")
    assert mail.link_to(mailbox.site, "/verify-email") is None


def test_a_wrong_password_is_refused_with_words(visitor: Page, someone: Person) -> None:
    visitor.goto("/login")
    Person(email=someone.email, password="not the lantern").fill_in(visitor)
    expect(main(visitor).get_by_role("alert")).to_be_visible()
    on_page(visitor, "/login", "Log in")


def test_a_bad_form_names_its_fields(visitor: Page) -> None:
    visitor.goto("/sign-up")
    visitor.get_by_label("Email").fill("nobody")
    visitor.get_by_label("Password", exact=True).fill("short")
    button(visitor, "Sign up").click()
    for label in ("Email", "Password"):
        field = visitor.get_by_label(label, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(r"\w"))
    on_page(visitor, "/sign-up", "Create an account")


def test_items_are_made_changed_deleted_and_brought_back(visitor: Page, someone: Person) -> None:
    someone.log_in(visitor)
    title = f"Fenders of {someone.email}"
    visitor.goto("/items")
    button(visitor, "New item").click()
    visitor.get_by_label("Title", exact=True).fill(title)
    visitor.get_by_label("Description", exact=True).fill("Four, navy blue.")
    button(visitor, "Create item").click()
    made = main(visitor).get_by_role("link", name=title, exact=True)
    expect(made).to_be_visible()
    button(visitor, f"Edit {title}").click()
    visitor.get_by_label("Title", exact=True).fill(f"{title}, six")
    button(visitor, "Save changes").click()
    made = main(visitor).get_by_role("link", name=f"{title}, six", exact=True)
    expect(made).to_be_visible()
    button(visitor, f"Delete {title}, six").click()
    expect(made).to_be_hidden()
    button(visitor, "Undo").click()
    expect(made).to_be_visible()
    visitor.reload()
    made.click()
    expect(visitor.get_by_role("heading", level=1, name=f"{title}, six")).to_be_visible()
    expect(main(visitor).get_by_text("Four, navy blue.")).to_be_visible()


def test_a_deleted_item_is_gone_for_everybody(visitor: Page, someone: Person, chromium: Chromium) -> None:
    someone.log_in(visitor)
    title = f"Short-lived {someone.email}"
    visitor.goto("/items")
    button(visitor, "New item").click()
    visitor.get_by_label("Title", exact=True).fill(title)
    with visitor.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 201) as made:
        button(visitor, "Create item").click()
    path = f"/items/{made.value.json()['id']}"
    button(visitor, f"Delete {title}").click()
    with visitor.expect_response(lambda answer: answer.request.method == "DELETE" and answer.status == 204):
        notified(visitor, "Item deleted").get_by_role("button", name="Dismiss").click()
    with chromium.person() as other:
        other.goto(path)
        expect(main(other).get_by_role("heading", level=1)).not_to_have_text(title)
        expect(main(other).get_by_role("heading", level=1)).to_be_visible()


def test_a_search_finds_parts_of_titles_and_its_address_can_be_kept(visitor: Page) -> None:
    visitor.goto("/items")
    visitor.get_by_role("searchbox", name="Search titles").fill("THE MOORING PERMIT")
    found = main(visitor).get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Renew the mooring permit")
    visitor.wait_for_url(re.compile(r"q=THE"))
    visitor.reload()
    expect(found).to_have_count(1)
    visitor.get_by_role("searchbox", name="Search titles").fill("no such thing anywhere")
    expect(main(visitor).get_by_text("Nothing found")).to_be_visible()


def test_the_list_goes_on_as_one_scrolls(visitor: Page, site: Site) -> None:
    added = json.loads(site.slipway("seed", "-s", "local", "--items", "100", "--json"))
    assert set(added) == {"harbour", "accounts", "items"}
    visitor.goto("/items")
    rows = main(visitor).get_by_role("listitem")
    expect(rows).not_to_have_count(0)
    seen = rows.count()
    while seen < 40:
        rows.last.scroll_into_view_if_needed()
        expect(rows).not_to_have_count(seen)
        seen = rows.count()
    titles = rows.get_by_role("heading").all_inner_texts()
    assert len(titles) == seen


def test_a_chosen_theme_is_kept(visitor: Page) -> None:
    visitor.emulate_media(color_scheme="light")
    visitor.goto("/")
    button(visitor, "Use the dark theme").click()
    visitor.reload()
    expect(button(visitor, "Use the light theme")).to_be_visible()


def test_a_session_elsewhere_is_seen_and_ended(visitor: Page, someone: Person, chromium: Chromium) -> None:
    someone.log_in(visitor)
    with chromium.person() as elsewhere:
        someone.log_in(elsewhere)
        visitor.goto("/settings/sessions")
        sessions = main(visitor).get_by_role("listitem").filter(has_text="signed in")
        expect(sessions).to_have_count(2)
        expect(sessions.filter(has_text="This device")).to_have_count(1)
        sessions.filter(has_not_text="This device").get_by_role("button", name="Sign out").click()
        told(visitor, "Signed out there")
        expect(sessions).to_have_count(1)
        elsewhere.goto("/settings/sessions")
        on_page(elsewhere, "/login", "Log in")
        someone.fill_in(elsewhere)
        on_page(elsewhere, "/settings/sessions", "Sessions")


def test_the_profile_is_changed_and_stays(visitor: Page, someone: Person) -> None:
    someone.log_in(visitor)
    visitor.goto("/settings/profile")
    visitor.get_by_label("Name", exact=True).fill("Countess Lovelace")
    visitor.get_by_label("About you").fill("Writes notes longer than the paper.")
    button(visitor, "Save profile").click()
    told(visitor, "Profile saved")
    visitor.reload()
    expect(visitor.get_by_label("Name", exact=True)).to_have_value("Countess Lovelace")
    expect(visitor.get_by_label("About you")).to_have_value("Writes notes longer than the paper.")


def test_a_new_address_counts_once_it_is_confirmed(visitor: Page, someone: Person, mailbox: Mailbox) -> None:
    someone.log_in(visitor)
    visitor.goto("/settings/email")
    renamed = Person(name=someone.name, email=f"new-{someone.email}", password=someone.password)
    visitor.get_by_label("New address").fill(renamed.email)
    button(visitor, "Change address").click()
    told(visitor, "Check your mail")
    renamed.confirm(visitor, mailbox)
    assert renamed.email in mailbox.await_mail(someone.email, "was changed").text
    visitor.goto("/settings/email")
    expect(main(visitor).get_by_text(renamed.email, exact=True)).to_be_visible()


def test_a_new_password_ends_the_other_sessions(
    visitor: Page, someone: Person, chromium: Chromium, mailbox: Mailbox
) -> None:
    someone.log_in(visitor)
    with chromium.person() as elsewhere:
        someone.log_in(elsewhere)
        visitor.goto("/settings/password")
        visitor.get_by_label("Current password", exact=True).fill(someone.password)
        visitor.get_by_label("New password", exact=True).fill("another lantern entirely")
        button(visitor, "Change password").click()
        told(visitor, "Password changed")
        mailbox.await_mail(someone.email, "password was changed")
        elsewhere.goto("/dashboard")
        on_page(elsewhere, "/login", "Log in")
    visitor.reload()
    on_page(visitor, "/settings/password", "Password")


def test_a_forgotten_password_is_set_anew_by_mail_and_ends_every_session(
    visitor: Page, someone: Person, chromium: Chromium, mailbox: Mailbox
) -> None:
    with chromium.person() as elsewhere:
        someone.log_in(elsewhere)
        visitor.goto("/forgot-password")
        visitor.get_by_label("Email").fill(someone.email)
        button(visitor, "Send the link").click()
        on_page(visitor, "/forgot-password", "Check your mail")
        link = mailbox.await_link(someone.email, "/reset-password")
        visitor.goto(link)
        someone.password = "a lantern that was mended"
        visitor.get_by_label("New password", exact=True).fill(someone.password)
        button(visitor, "Set the password").click()
        on_page(visitor, "/reset-password", "Your password is set")
        elsewhere.goto("/dashboard")
        on_page(elsewhere, "/login", "Log in")
        elsewhere.goto(link)
        elsewhere.get_by_label("New password", exact=True).fill("a second use of one link")
        button(elsewhere, "Set the password").click()
        expect(main(elsewhere).get_by_role("alert")).to_be_visible()
    someone.log_in(visitor)


def test_what_is_known_of_a_person_can_be_taken_along(visitor: Page, someone: Person, mailbox: Mailbox) -> None:
    someone.log_in(visitor)
    visitor.goto("/settings/privacy")
    button(visitor, "Prepare an export").click()
    expect(main(visitor).get_by_text("Your export is ready.")).to_be_visible()
    with visitor.expect_download() as download:
        button(visitor, "Download").click()
    taken = json.loads(download.value.path().read_text())
    assert someone.email in json.dumps(taken)
    assert "argon2" not in json.dumps(taken)
    mailbox.await_mail(someone.email, "data is ready")


def test_staff_see_the_users_and_nobody_else_does(
    visitor: Page, someone: Person, chromium: Chromium, site: Site
) -> None:
    someone.log_in(visitor)
    visitor.goto("/users")
    on_page(visitor, "/users", "For staff only")
    with chromium.person() as desk:
        Person(name="", email=site.operator.staff_email, password=site.operator.password).log_in(desk)
        desk.get_by_role("banner").get_by_role("link", name="Users").click()
        on_page(desk, "/users", "Users")
        desk.get_by_role("searchbox", name="Search emails and names").fill(someone.email)
        expect(main(desk).get_by_role("row").filter(has_text=someone.email)).to_have_count(1)


def test_signing_out_leads_home_and_closes_the_door(visitor: Page, someone: Person) -> None:
    someone.log_in(visitor)
    button(visitor, "Account").click()
    button(visitor, "Sign out").click()
    told(visitor, "Signed out")
    visitor.goto("/dashboard")
    on_page(visitor, "/login", "Log in")


def test_an_account_is_deleted_with_what_belongs_to_it(visitor: Page, someone: Person, mailbox: Mailbox) -> None:
    someone.log_in(visitor)
    visitor.goto("/settings/privacy")
    button(visitor, "Delete account").click()
    visitor.get_by_role("dialog").get_by_label("Password", exact=True).fill(someone.password)
    button(visitor, "Delete for good").click()
    on_page(visitor, "/goodbye", "Your account is deleted")
    mailbox.await_mail(someone.email, "account was deleted")
    visitor.goto("/login")
    someone.fill_in(visitor)
    expect(main(visitor).get_by_role("alert")).to_be_visible()
