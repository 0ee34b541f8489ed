"""A harbour in the database: people, what they keep, and the traces that months of use leave in every table.

Names, numbers and ids are the same each time, so seeding twice adds nothing; times end at the first seeding.
"""

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone

from django_admin.accounts.models import OAuthAccount, Profile, User
from django_admin.audit.models import AuditEvent
from django_admin.demo.people import CHORES, DEVICES, FLAGS, NETWORKS, PEOPLE, Person
from django_admin.flags.models import FeatureFlag
from django_admin.idempotency.models import IdempotentRequest
from django_admin.items.models import Item
from django_admin.jobs.models import Job
from django_admin.mail.models import OutboxEmail
from django_admin.signin.models import AuthSession, OneTimeToken, RefreshToken

SEED = 4
SPAN = timedelta(days=300)
DAY = timedelta(days=1)


def key(*parts: object) -> UUID:
    """Return the same id for the same thing each time."""
    return uuid5(NAMESPACE_URL, ":".join(map(str, ("slipway", "demo", *parts))))


def hash_of(*parts: object) -> bytes:
    """Return the hash of a token that nobody has."""
    return hashlib.sha256(key(*parts).bytes).digest()


class World:
    """Makes rows; `password` lets every person in, without one nobody can sign in as them."""

    def __init__(self, password: str | None) -> None:
        self._dice = random.Random(SEED)  # noqa: S311 -- no secret
        self._times = random.Random(SEED)  # noqa: S311 -- apart, for what it throws hangs on the hour
        self._now = timezone.now().replace(microsecond=0)
        self._password = make_password(password)

    def build(self) -> int:
        """Add what is missing and return how many rows that were."""
        users = [self.user(place, person) for place, person in enumerate(PEOPLE)]
        sessions = [session for user in users for session in self.sessions(user)]
        people = list(zip(users, PEOPLE, strict=True))
        batches: list[list[models.Model]] = [
            list(users),
            [Profile(account=user, bio=person.bio) for user, person in people],
            [item for user, person in people for item in self.items(user, person)],
            list(sessions),
            [token for session in sessions for token in self.refresh_tokens(session)],
            list(self.one_time_tokens(users)),
            list(self.providers(users)),
            [event for user in users for event in self.events(user, sessions)],
            [mail for user in users for mail in self.mails(user)],
            list(self.jobs(users)),
            list(self.requests(users)),
            [FeatureFlag(name=name, enabled=enabled, description=text) for name, enabled, text in FLAGS],
        ]
        with transaction.atomic():
            return sum(add(rows) for rows in batches)

    def past(self, earliest: datetime | None = None) -> datetime:
        """Return some time between `earliest` and now, in waking hours more often than not."""
        span = self._now - (earliest or self._now - SPAN)
        moment = self._now - span * self._times.random()
        return moment if moment.hour > 6 or self._times.random() < 0.1 else max(moment - DAY / 2, self._now - SPAN)

    def user(self, place: int, person: Person) -> User:
        """Return a person's account."""
        joined = self._now - SPAN + SPAN * place / (len(PEOPLE) + 1)
        return User(
            id=key("user", person.email),
            email=person.email,
            display_name=person.name,
            password=self._password,
            is_staff=person.is_staff,
            is_active=person.is_active,
            email_verified_at=joined + timedelta(minutes=9) if person.is_verified else None,
            created_at=joined,
            updated_at=joined,
        )

    def items(self, user: User, person: Person) -> Iterator[Item]:
        """Return what somebody keeps."""
        for number, (title, text) in enumerate(self._dice.sample(CHORES, self._dice.randint(3, 14))):
            made = self.past(user.created_at)
            is_edited = self._dice.random() < 0.3
            yield Item(
                id=key("item", user.email, number),
                owner=user,
                title=title.format(boat=person.boat),
                description=text,
                version=2 if is_edited else 1,
                created_at=made,
                updated_at=self.past(made) if is_edited else made,
            )

    def sessions(self, user: User) -> Iterator[AuthSession]:
        """Return where somebody is or was signed in."""
        for number in range(self._dice.randint(1, 4)):
            began = self.past(max(user.created_at, self._now - 25 * DAY))
            is_revoked = self._dice.random() < 0.25
            yield AuthSession(
                id=key("session", user.email, number),
                account=user,
                created_at=began,
                last_used_at=self.past(began),
                expires_at=began + 30 * DAY,
                revoked_at=self.past(began) if is_revoked else None,
                revoked_reason="signed out" if is_revoked else "",
                user_agent=self._dice.choice(DEVICES),
                ip=f"{self._dice.choice(NETWORKS)}.{self._dice.randint(1, 254)}",
            )

    def refresh_tokens(self, session: AuthSession) -> Iterator[RefreshToken]:
        """Return a session's chain: all links are used but the last."""
        times = sorted(self.past(session.created_at) for _ in range(self._dice.randint(2, 6)))
        for number, (issued, used) in enumerate(pairwise([*times, None])):
            yield RefreshToken(
                id=key("refresh", session.pk, number),
                session=session,
                token_hash=hash_of("refresh", session.pk, number),
                issued_at=issued,
                expires_at=(issued or self._now) + 30 * DAY,
                used_at=used,
            )

    def one_time_tokens(self, users: list[User]) -> Iterator[OneTimeToken]:
        """Return the tokens of those who have yet to verify, and some used ones."""
        for user in users[::3] + [user for user in users if user.email_verified_at is None]:
            is_open = user.email_verified_at is None
            purpose = OneTimeToken.Purpose.VERIFY_EMAIL if is_open else OneTimeToken.Purpose.RESET_PASSWORD
            made = self.past(self._now - DAY / 2)
            yield OneTimeToken(
                id=key("one-time", user.email, purpose),
                account=user,
                purpose=purpose,
                token_hash=hash_of("one-time", user.email, purpose),
                email=user.email,
                created_at=made,
                expires_at=made + DAY,
                used_at=None if is_open else made + timedelta(minutes=3),
            )

    def providers(self, users: list[User]) -> Iterator[OAuthAccount]:
        """Return some accounts with a provider."""
        for number, user in enumerate(users[2::5]):
            yield OAuthAccount(
                id=key("provider", user.email),
                account=user,
                provider="google",
                subject=f"1089{number:017}",
                email=user.email,
                created_at=user.created_at,
            )

    def events(self, user: User, sessions: list[AuthSession]) -> Iterator[AuditEvent]:
        """Return what the audit log holds of somebody."""
        yield AuditEvent(action="account_registered", account=user, created_at=user.created_at)
        for session in sessions:
            if session.account == user:
                origin = {"ip": session.ip, "user_agent": session.user_agent}
                yield AuditEvent(action="login", account=user, created_at=session.created_at, **origin)
                if self._dice.random() < 0.3:
                    failed = session.created_at - timedelta(minutes=1)
                    yield AuditEvent(action="login_failed", account=user, created_at=failed, **origin)

    def mails(self, user: User) -> Iterator[OutboxEmail]:
        """Return the mails that somebody got."""
        templates = ["verify_email", *(["password_changed"] if self._dice.random() < 0.3 else [])]
        for template in templates:
            posted = user.created_at if template == "verify_email" else self.past(user.created_at)
            yield OutboxEmail(
                id=key("mail", user.email, template),
                account=user,
                recipient=user.email,
                template=template,
                status=OutboxEmail.Status.SENT,
                attempts=1,
                created_at=posted,
                next_attempt_at=posted,
                claimed_at=posted,
                sent_at=posted + timedelta(seconds=2),
            )

    def jobs(self, users: list[User]) -> Iterator[Job]:
        """Return some finished jobs."""
        for user in users[4::6]:
            asked = self.past(self._now - 5 * DAY)
            yield Job(
                id=key("job", user.email),
                account=user,
                kind=Job.Kind.EXPORT_ACCOUNT,
                status=Job.Status.DONE,
                attempts=1,
                result={"account": {"email": user.email}, "items": []},
                created_at=asked,
                next_attempt_at=asked,
                started_at=asked + timedelta(seconds=1),
                finished_at=asked + timedelta(seconds=2),
                expires_at=asked + 7 * DAY,
            )

    def requests(self, users: list[User]) -> Iterator[IdempotentRequest]:
        """Return some remembered requests."""
        for user in users[1::7]:
            yield IdempotentRequest(
                id=key("request", user.email),
                scope=str(user.pk),
                key=str(key("key", user.email)),
                route="POST /items",
                request_hash=hash_of("request", user.email),
                status=201,
                body={"title": "Varnish"},
                created_at=self.past(self._now - DAY / 2),
            )


def add(rows: list[Any]) -> int:
    """Insert rows that are not there yet and return how many."""
    if not rows:
        return 0
    table = type(rows[0])._default_manager
    if isinstance(rows[0], AuditEvent) and table.filter(account=rows[0].account).exists():
        return 0  # events have no id of their own before they are written
    before = table.count()
    table.bulk_create(rows, ignore_conflicts=True)
    return int(table.count() - before)
