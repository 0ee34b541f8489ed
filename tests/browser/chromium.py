"""Debian's Chromium, which reaches the deployment and nothing else, and trusts its one key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser import launch
from tests.browser.relay import relay_to
from tests.browser.site import Site

LAUNCHER = Path(launch.__file__)
PATIENCE_MS = 60_000
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
Theme = Literal["light", "dark"]
# Chromium says so of each refused request, also of those that a page expects to be refused.
REFUSED = "Failed to load resource"
# A page that is left takes its requests with it.
LEFT = "net::ERR_ABORTED"
# Where the API itself says that a part of it took too long, as on a busy machine; pages show it.
MAY_BE_BUSY = "/api/health"
VIOLATION = "content security policy violated:"
TELL_VIOLATIONS = f"""
document.addEventListener("securitypolicyviolation", (event) => {{
  console.error("{VIOLATION}", event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber)
}})
"""


@dataclass
class Watch:
    """Everything that the browser complained of."""

    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of a context, from before its first script."""
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.complaints.append(f"{message.type} at {message.page and message.page.url}: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.complaints.append(f"{request.method} {request.url} failed: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 and not response.url.endswith(MAY_BE_BUSY):
            self.complaints.append(f"{response.request.method} {response.url} answered {response.status}")


@dataclass
class Chromium:
    """A running browser; each person has a context of their own."""

    site: Site
    browser: Browser
    watch: Watch = field(default_factory=Watch)

    @contextmanager
    def person(self, *, is_operator: bool = False) -> Iterator[Page]:
        """Open a page of somebody who was never here before."""
        operator = self.site.operator
        context = self.browser.new_context(
            base_url=self.site.url(),
            viewport=DESKTOP,
            locale="en-US",
            reduced_motion="reduce",
            http_credentials={"username": operator.user, "password": operator.password} if is_operator else None,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.watch.over(context)
        try:
            yield context.new_page()
        finally:
            context.close()


@contextmanager
def running(site: Site) -> Iterator[Chromium]:
    """Start the browser for one site."""
    domain, address = site.deployment.domain, launch.ADDRESS
    names = f"MAP {domain} {address}, MAP *.{domain} {address}, MAP * ~NOTFOUND, EXCLUDE {address}"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    trust = [f"--host-resolver-rules={names}", f"--ignore-certificate-errors-spki-list={site.key_hash()}"]
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE_MS)
    with relay_to(site.deployment.address) as door, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=LAUNCHER, args=[*quiet, *trust, *root], env={**os.environ, launch.DOOR: str(door)}
        )
        try:
            yield Chromium(site, browser)
        finally:
            browser.close()
