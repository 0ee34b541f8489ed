"""The user."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Now


class UserManager(BaseUserManager["User"]):
    """Makes users; an email is kept in lower case, so that one address is one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user who may sign in; without a password nobody can as them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user who may do everything in the admin."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by email in whatever case it is typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    email: models.EmailField[str, str] = models.EmailField(max_length=254)
    display_name: models.CharField[str, str] = models.CharField(max_length=80, blank=True, db_default="")
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True, db_default=True)
    is_staff: models.BooleanField[bool, bool] = models.BooleanField(
        "may use the admin", default=False, db_default=False
    )
    is_superuser: models.BooleanField[bool, bool] = models.BooleanField(
        "may do everything", default=False, db_default=False
    )
    created_at: models.DateTimeField[datetime | Combinable, datetime] = models.DateTimeField(
        db_default=Now(), editable=False
    )
    updated_at: models.DateTimeField[datetime | Combinable, datetime] = models.DateTimeField(
        db_default=Now(), editable=False
    )

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
            models.Index(F("created_at").desc(), F("id").desc(), name="account_newest")
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Bring the email into the form in which it is kept."""
        self.email = self.email.strip().lower()
