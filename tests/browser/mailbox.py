"""Mail that the site sent, read from the catcher through its guarded host."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from tests.browser.site import Site
from verification.deployment import get

ARRIVES_WITHIN_S = 60.0


@dataclass(frozen=True)
class Mail:
    """One mail as its reader sees it."""

    id: str
    sender: str
    subject: str
    message_id: str
    text: str
    html: str

    def link_to(self, site: Site, path: str) -> str | None:
        """Return the link to a page of the site that the mail holds, with the token in its fragment."""
        found = re.search(re.escape(site.url(path)) + r"#token=[A-Za-z0-9_.~-]+", self.text)
        return None if found is None else found[0]


@dataclass
class Mailbox:
    """Everybody's mail; each mail is taken out once."""

    site: Site
    client: httpx.Client
    _taken: set[str] = field(default_factory=set)

    def await_mail(self, address: str, about: str) -> Mail:
        """Wait for a mail to somebody whose subject has some words in it."""
        deadline = time.monotonic() + ARRIVES_WITHIN_S
        while True:
            seen = list(self._waiting(address))
            for mail in seen:
                if about.lower() in mail.subject.lower():
                    self._taken.add(mail.id)
                    return mail
            assert time.monotonic() < deadline, f"no mail about {about!r}, only {[mail.subject for mail in seen]}"
            time.sleep(0.2)

    def await_link(self, address: str, path: str) -> str:
        """Wait for a mail to somebody with a link to a page, and return the link."""
        deadline = time.monotonic() + ARRIVES_WITHIN_S
        while True:
            seen = list(self._waiting(address))
            for mail in seen:
                link = mail.link_to(self.site, path)
                if link is not None:
                    self._taken.add(mail.id)
                    return link
            assert time.monotonic() < deadline, f"no link to {path}, only {[mail.subject for mail in seen]}"
            time.sleep(0.2)

    def _waiting(self, address: str) -> Iterator[Mail]:
        found = self._ask(f"/api/v1/search?query={quote(f'to:{address}')}")["messages"]
        for message in found:
            if message["ID"] not in self._taken:
                whole = self._ask(f"/api/v1/message/{message['ID']}")
                sender = whole["From"]["Address"]
                yield Mail(message["ID"], sender, whole["Subject"], whole["MessageID"], whole["Text"], whole["HTML"])

    def _ask(self, path: str) -> dict[str, Any]:
        operator = self.site.operator
        login = base64.b64encode(f"{operator.user}:{operator.password}".encode()).decode()
        name = f"mail.{self.site.deployment.domain}"
        answer = get(self.client, self.site.deployment, path, name=name, headers={"Authorization": f"Basic {login}"})
        assert answer.status_code == httpx.codes.OK, f"{name} answers {answer.status_code}: {answer.text[:200]}"
        document: dict[str, Any] = answer.json()
        return document
