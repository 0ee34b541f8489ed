"""Shapes of signing up and in."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.texts import DisplayName, Email, GivenPassword, NewPassword, OneTimeToken
from api.users.models import Me


class Registration(BaseModel):
    """Somebody who wants an account."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: NewPassword
    display_name: DisplayName = ""


class Registered(BaseModel):
    """Where the mail went; the same whether or not the address had an account."""

    email: str = Field(examples=["ada@example.org"])


class Credentials(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: GivenPassword


class TokenAnswer(BaseModel):
    """An access token, to be kept in memory; the refresh token travels in a cookie that scripts cannot read."""

    access_token: str = Field(description="JWT for the header Authorization", examples=["eyJhbGciOiJIUzI1NiJ9.e30.0"])
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- a name, no password
    expires_in: int = Field(description="Seconds", examples=[600])
    user: Me


class EmailProof(BaseModel):
    """The token of a verification mail."""

    model_config = ConfigDict(extra="forbid")

    token: OneTimeToken


class ForgottenPassword(BaseModel):
    """The address whose password is forgotten."""

    model_config = ConfigDict(extra="forbid")

    email: Email


class NewPasswordByToken(BaseModel):
    """The token of a reset mail and the password to set."""

    model_config = ConfigDict(extra="forbid")

    token: OneTimeToken
    password: NewPassword
