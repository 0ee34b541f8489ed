"""The user, what the user tells of themselves, and the other ways in.

Foreign keys to accounts are made in migrations, since the API deletes by SQL and the database must cascade.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from django_admin import columns

BIO_MAX = 2000
AVATAR_URL_MAX = 500


class UserManager(BaseUserManager["User"]):
    """Makes users; an email is kept in lower case, so that one address is one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user who may sign in; without a password nobody can as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            Profile.objects.using(self._db).create(account=user)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user who may do everything in the admin."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by email in whatever case it is typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in."""

    id: columns.Key = columns.key()
    email: models.EmailField[str, str] = models.EmailField(max_length=254)
    display_name: models.CharField[str, str] = models.CharField(max_length=80, blank=True, db_default="")
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True, db_default=True)
    is_staff: models.BooleanField[bool, bool] = models.BooleanField(
        "may use the admin", default=False, db_default=False
    )
    is_superuser: models.BooleanField[bool, bool] = models.BooleanField(
        "may do everything", default=False, db_default=False
    )
    email_verified_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    failed_logins: columns.Count = models.SmallIntegerField(default=0, db_default=0)
    locked_until: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    created_at: columns.Moment = columns.moment()
    updated_at: columns.Moment = columns.moment()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Table, rules, order."""

        db_table = "account"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["email"], name="account_email_unique"),
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="account_email_lower_case"),
            models.CheckConstraint(condition=~Q(email=""), name="account_email_not_empty"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("created_at").desc(), F("id").desc(), name="account_newest"),
            GinIndex(
                fields=["email", "display_name"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="account_search"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Bring the email into the form in which it is kept."""
        self.email = self.email.strip().lower()


class Profile(models.Model):
    """What a user tells of themselves; each account has one."""

    account: models.OneToOneField[User, User] = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="profile",
        db_constraint=False,
    )
    bio: columns.Text = models.TextField(blank=True, max_length=BIO_MAX, db_default="")
    avatar_url: columns.OptionalText = models.TextField(null=True, blank=True)
    updated_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules."""

        db_table = "profile"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            columns.at_most("profile_bio_not_too_long", "bio", BIO_MAX),
            columns.at_most("profile_avatar_url_not_too_long", "avatar_url", AVATAR_URL_MAX),
            models.CheckConstraint(condition=Q(avatar_url__startswith="https://"), name="profile_avatar_url_https"),
        ]

    def __str__(self) -> str:
        return f"profile of {self.pk}"


class OAuthAccount(models.Model):
    """A user's account with a provider who vouches for them."""

    id: columns.Key = columns.key()
    account: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="oauth_accounts",
        db_constraint=False,
        db_index=False,  # the rule below has one
    )
    provider: columns.Text = models.TextField()
    subject: columns.Text = models.TextField()
    email: columns.Text = models.TextField()
    created_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules."""

        db_table = "oauth_account"
        verbose_name = "OAuth account"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["provider", "subject"], name="oauth_account_subject_unique"),
            models.UniqueConstraint(fields=["account", "provider"], name="oauth_account_provider_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} account of {self.email}"
